//! stub
use super::*;
use crate::project::*;
/// x
#[derive(Clone, Debug)]
pub struct Merge {
    /// x
    pub transaction: Transaction,
}
/// x
pub fn merge(_m: &Project, _t: &Project) -> Merge {
    unimplemented!()
}
