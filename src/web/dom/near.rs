//! What is drawn for each paragraph near the screen, and goes when that leaves it.

use std::ops::Range;

use web_sys::Element;

/// A layer with one element for each paragraph near the screen, and what is known of it.
pub struct Near<T> {
    pub layer: Element,
    /// Each once; so few that a list is enough.
    pub paragraphs: Vec<Paragraph<T>>,
}

/// A paragraph on the screen or near it.
pub struct Paragraph<T> {
    /// Which one of the text.
    pub number: usize,
    /// None before anything was drawn.
    pub element: Option<Element>,
    /// What is known of what is drawn.
    pub known: T,
}

impl<T: Default> Near<T> {
    /// Draws in this element.
    pub fn new(layer: Element) -> Near<T> {
        Near { layer, paragraphs: Vec::new() }
    }

    /// Forgets the article that was drawn.
    pub fn clear(&mut self) {
        self.layer.set_text_content(None);
        self.paragraphs.clear();
    }

    /// Which paragraphs are near the screen now; whether others were.
    pub fn come(&mut self, near: Range<usize>) -> bool {
        let before = self.paragraphs.len();
        self.paragraphs.retain(|it| {
            let stays = near.contains(&it.number);
            if let Some(element) = it.element.as_ref().filter(|_| !stays) {
                element.remove();
            }
            stays
        });
        let stayed = self.paragraphs.len();
        for number in near {
            if !self.paragraphs[..stayed].iter().any(|it| it.number == number) {
                self.paragraphs.push(Paragraph { number, element: None, known: T::default() });
            }
        }
        stayed < before || stayed < self.paragraphs.len()
    }
}

impl<T> Paragraph<T> {
    /// Shows an element of the layer in place of what was shown.
    pub fn put(&mut self, layer: &Element, element: Element) {
        // One that was just made has a place among any children.
        let _ = match &self.element {
            Some(old) => layer.replace_child(&element, old),
            None => layer.append_child(&element),
        };
        self.element = Some(element);
    }
}
