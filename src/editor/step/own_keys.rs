//! Keys of one's own: asked for, pressed, taken back.

use super::{Effect, Step};
use crate::editor::{COMMANDS, Keys, NoKeys, OwnKeys, Press};

impl Step<'_> {
    /// Asks for the key of a command, or leaves that.
    pub fn change_key(&mut self, command: Option<&'static str>) {
        self.state.changing_key = command.map(|id| (id, None));
        if command.is_some() {
            self.announce("Press the new key; Escape keeps the old one");
        }
    }

    /// Gives the command for which a key was asked what was pressed.
    pub fn key_pressed(&mut self, press: &Press) {
        let Some((id, _)) = self.state.changing_key else { return };
        let Some(command) = COMMANDS.iter().find(|command| command.id == id) else { return };
        if press.key == "Escape" {
            self.state.changing_key = None;
            return self.announce("The key stays as it was");
        }
        match Keys::of(press) {
            Ok(keys) => self.set_own_keys(self.state.settings.keys.with(command, keys)),
            Err(NoKeys::Part) => {}
            Err(NoKeys::Taken(why)) => {
                self.state.changing_key = Some((id, Some(why)));
                self.announce(why);
            }
        }
    }

    /// Has these keys from now on.
    pub fn set_own_keys(&mut self, keys: OwnKeys) {
        let said = if keys.is_empty() { "All keys are as they were" } else { "Key changed" };
        self.state.changing_key = None;
        self.state.settings.keys = keys;
        self.effects.push(Effect::RememberSettings);
        self.announce(said);
    }
}
