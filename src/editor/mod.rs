//! The whole program without a browser.
