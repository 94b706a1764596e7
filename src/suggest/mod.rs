//! Proposals that nobody has accepted yet: text in, spans out.

mod boilerplate;

pub use boilerplate::boilerplate;
