//! The second wasm file: on wasm32 a worker that runs jobs; natively nothing.

fn main() {
    #[cfg(target_arch = "wasm32")]
    avow::web::serve();
}
