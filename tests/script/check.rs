//! Boundary checks in the editor: kept up with each act, gone through, mended.

use avow::editor::Action;
use avow::scheme::Rule;

use crate::desk::Desk;

/// What breaks which rules, as `name: rules`; what is kept up must be what a fresh look finds.
#[track_caller]
fn problems(desk: &Desk) -> Vec<String> {
    let shown = |desk: &Desk| {
        let open = desk.state.article.clone().unwrap();
        assert_eq!(open.unchecked, None, "all were looked at");
        let problems = open.problems.clone();
        let mut lines: Vec<String> = Vec::new();
        for (id, found) in problems.iter() {
            let rules = found.iter().map(|it| it.rule.name().to_owned());
            let rules = rules.filter(|rule| rule != "required").collect::<Vec<_>>().join(" ");
            if !rules.is_empty() {
                lines.push(format!("{id}: {rules}"));
            }
        }
        lines
    };
    let mut fresh = desk.clone();
    let open = fresh.state.article.clone().unwrap();
    fresh.state.article = Some(std::sync::Arc::new(avow::editor::OpenArticle {
        problems: Default::default(),
        unchecked: Some("".into()),
        ..(*open).clone()
    }));
    fresh.act(Action::EndTyping);
    assert_eq!(shown(desk), shown(&fresh), "what is kept up is what there is");
    shown(desk)
}

#[test]
fn what_breaks_a_rule_is_kept_up_with_each_act() {
    let mut desk =
        Desk::new(&["Li said <c1:that it rains.:c1> Roe denied <d2:it:d2>. “Yes,” he said."]);
    desk.acts(&["leave"]);
    assert_eq!(problems(&desk), ["1: no-final-stop no-lead-in", "2: linked"]);
    desk.acts(&["pick d2", "r", "click that it"]);
    assert_eq!(problems(&desk), ["1: no-final-stop no-lead-in"]);
    desk.acts(&["select “Yes", "q"]);
    assert_eq!(problems(&desk)[1], "10: marks");
    desk.acts(&["z"]);
    assert_eq!(problems(&desk), ["1: no-final-stop no-lead-in"]);
    assert_eq!(desk.picked(), "q3");
    desk.acts(&["select rains. Roe", "c"]);
    let found = problems(&desk);
    assert!(
        found.iter().any(|line| line.contains("crossing") || line.contains("apart")),
        "{found:?}"
    );
    desk.acts(&["x", "Ctrl+z", "Ctrl+z", "pick d2", "x"]);
    problems(&desk);
    desk.holds_the_laws();
}

#[test]
fn of_many_annotations_some_are_checked_at_a_time_until_all_are() {
    let many = 1_700;
    let text: Vec<String> = (1..=many).map(|n| format!("<c{n}:Rain {n}.:c{n}>")).collect();
    let mut desk = Desk::new(&[&text.join(" ")]);
    desk.acts(&["leave"]);
    assert_eq!(problems(&desk).len(), many);
    desk.acts(&["pick c7", "x"]);
    assert_eq!(problems(&desk).len(), many - 1);
    desk.acts(&["Ctrl+z"]);
    assert_eq!(problems(&desk).len(), many);
}

#[test]
fn problems_are_gone_through_and_mended_as_acts() {
    let mut desk = Desk::new(&["<c1:It rains.:c1> Li said <c2:that it pours.:c2>"]);
    desk.acts(&["pick c1", "name Li", "pick c2", "name Li", "Escape", "caret It", "p"]);
    assert_eq!(desk.picked(), "c1");
    desk.hears("The stop that ends the sentence is left out");
    desk.acts(&["p"]);
    assert_eq!(desk.picked(), "c2");
    desk.acts(&["z"]);
    desk.shows(
        "<c1:It rains.:c1> Li said that |<c2:it pours:c2>."
            .replace("that |<c2:", "|that <c2:")
            .as_str(),
    );
    assert_eq!(problems(&desk), ["1: no-final-stop"]);
    desk.acts(&["Shift+p"]);
    let picked = desk.state.picked().unwrap().id.clone();
    desk.act(Action::Fix(picked, Rule::NoFinalStop));
    assert_eq!(problems(&desk), [""; 0]);
    desk.acts(&["p"]);
    desk.hears("No problems in this article");
    desk.holds_the_laws();
}

#[test]
fn a_new_denial_asks_for_what_it_denies_and_any_other_act_ends_that() {
    let mut desk = Desk::new(&["<c1:It rains:c1>, Li said. Roe denied that."]);
    desk.acts(&["select denied that", "d"]);
    assert!(desk.state.relating.as_ref().is_some_and(|relating| relating.asked));
    desk.acts(&["click It rains"]);
    assert_eq!(desk.state.project.as_ref().unwrap().relations().len(), 1);
    assert_eq!(desk.picked(), "d2");
    desk.acts(&[
        "Ctrl+z",
        "Ctrl+z",
        "select denied that",
        "d",
        "select Roe",
        "s",
        "click It rains",
    ]);
    assert_eq!(desk.picked(), "c1", "a click picks again");
    desk.acts(&["select that.", "d", "Escape", "click It rains"]);
    assert_eq!(desk.picked(), "c1");
    let mut settings = desk.state.settings.clone();
    settings.ask_links = false;
    desk.act(Action::ChangeSettings(settings));
    desk.acts(&["select said", "d"]);
    assert_eq!(desk.state.relating, None);
    desk.holds_the_laws();
}
