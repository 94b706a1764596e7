//! The law of datasets in lines: one by one they give what the file gives as a whole.

use avow::annotation::Timestamp;
use avow::format::dataset::{self, NOBODY, Read, Rows, SourceFile, project_id, recognise};
use avow::format::native;

const NOW: Timestamp = Timestamp(1_700_000_000);

/// A file of lines.
pub fn source(text: &str) -> SourceFile {
    SourceFile { path: "news/rows.jsonl".into(), text: text.into() }
}

/// Read as a whole.
fn whole(file: SourceFile) -> Result<Read, dataset::Unreadable> {
    let files = [file];
    recognise(&files).unwrap().read(&files, project_id(&files), NOW)
}

/// Read line by line, with the number of articles that each line gave out.
pub fn by_line(file: &SourceFile) -> (Result<Read, dataset::Unreadable>, Vec<usize>) {
    let lines = || (1..).zip(file.text.split('\n'));
    let (_, first) = lines().find(|(_, line)| !line.trim().is_empty()).unwrap();
    let rows = Rows::of(&file.path, first).expect("a file of rows");
    let mut looking = rows.looking();
    for (number, line) in lines() {
        looking.text(if number == 1 { "" } else { "\n" });
        looking.text(line);
        looking.add(rows.look(number, line));
    }
    let mut building = looking.finish(NOW, &NOBODY.into());
    let (mut entries, mut given) = (Vec::new(), Vec::new());
    for (number, line) in lines() {
        let mut whole = building.add(rows.row(number, line));
        given.push(whole.len());
        entries.append(&mut whole);
    }
    let read = building.finish().map(|Read { project, problems }| {
        assert_eq!(project.articles().len(), entries.len());
        Read { project: project.with_entries_loaded(entries), problems }
    });
    (read, given)
}

/// The law: line by line it is what it is as a whole, with the same problems.
/// Gives the project's file.
#[track_caller]
pub fn law_of_rows(text: &str) -> String {
    let file = source(text);
    let (by_line, whole) = (by_line(&file).0, whole(file));
    let said = |read: &Result<Read, dataset::Unreadable>| match read {
        Ok(read) => read.problems.iter().map(|it| format!("{it}\n")).collect(),
        Err(error) => error.to_string(),
    };
    assert_eq!(said(&by_line), said(&whole));
    let native = |read: Result<Read, _>| read.map(|read| native::write(&read.project).unwrap());
    let (by_line, whole) = (native(by_line), native(whole));
    assert!(by_line == whole, "{by_line:#?}\n{whole:#?}");
    by_line.unwrap_or_default()
}
