//! Native only: the `avow` command.

/// Runs the command line.
pub fn main() {}
