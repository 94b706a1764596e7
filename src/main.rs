//! On wasm32 the page; natively the command line.

fn main() {
    #[cfg(target_arch = "wasm32")]
    avow::web::mount();
    #[cfg(not(target_arch = "wasm32"))]
    avow::cli::main();
}
