//! What holds for time and ids, wherever they come from.

use avow::editor::Ctx;

/// Time does not go back, and no id comes twice or is empty.
pub fn holds(world: &mut dyn Ctx) {
    let begun = world.now();
    let mut ids: Vec<String> = (0..10_000).map(|_| world.new_id()).collect();
    assert!(world.now() >= begun);
    assert!(ids.iter().all(|id| !id.is_empty()));
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 10_000);
}
