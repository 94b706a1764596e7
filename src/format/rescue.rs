//! stub until merge
/// x
pub struct Rescued {
    /// x
    pub projects: Vec<crate::project::Project>,
    /// x
    pub problems: Vec<super::Problem>,
}
/// x
pub fn read(_file: &str, _json: &str) -> Result<Rescued, String> {
    Err("x".to_owned())
}
