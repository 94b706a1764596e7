//! On wasm32 the page; natively the command line.

#[cfg(target_arch = "wasm32")]
mod door;

fn main() {
    #[cfg(target_arch = "wasm32")]
    avow::web::mount(door::open);
    #[cfg(not(target_arch = "wasm32"))]
    avow::cli::main();
}
