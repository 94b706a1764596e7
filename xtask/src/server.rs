//! A small static file server for the machine it runs on.
//!
//! It serves one folder, answers GET and HEAD, and nothing outside this machine can ask it:
//! it listens on 127.0.0.1 only, and refuses requests that name another host, so that no
//! page elsewhere can read the articles by pointing its own name here.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::shell::{Failure, Outcome, fail};

/// Fixed, since a browser keeps work per address.
pub const DEFAULT_PORT: u16 = 4717;

/// How many ports after a taken one are tried.
const TRIES: u16 = 50;
/// The longest request head that is read, in bytes.
const LONGEST_HEAD: u64 = 32 * 1024;

/// A bound server, not yet answering.
pub struct Server {
    listener: TcpListener,
    wanted: u16,
    port: u16,
}

impl Server {
    /// Takes the wanted port, or the next free one. Requests wait until `run`.
    pub fn bind(wanted: u16) -> Outcome<Server> {
        for port in wanted..=wanted.saturating_add(TRIES) {
            match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
                Ok(listener) => {
                    let port = listener.local_addr().map_or(port, |address| address.port());
                    return Ok(Server { listener, wanted, port });
                }
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                Err(error) => {
                    return fail(format!(
                        "cannot serve at port {port}: {error}; try another --port"
                    ));
                }
            }
        }
        fail(format!(
            "port {wanted} and the {TRIES} after it are taken; name a free one with --port"
        ))
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Whether the wanted port was free.
    pub fn is_where_wanted(&self) -> bool {
        self.wanted == 0 || self.port == self.wanted
    }

    /// Gives the port, to tell this server's files from those of others.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Says where the page is.
    pub fn announce(&self) {
        if !self.is_where_wanted() {
            println!(
                "\nPort {} is taken; perhaps Avow is being served there already.\n\
                 This page is at another address. Browsers keep stored work per address: what was \
                 stored at http://127.0.0.1:{}/ shows up only there.",
                self.wanted, self.wanted
            );
        }
        println!("\n  {}\n\nPress Ctrl+C to stop.", self.address());
    }

    /// Serves this folder until the process ends.
    pub fn run(self, folder: PathBuf) -> Outcome {
        let site = Arc::new(Site { folder, port: self.port });
        for stream in self.listener.incoming() {
            // One client's broken connection is no reason to stop.
            let Ok(stream) = stream else { continue };
            let site = Arc::clone(&site);
            thread::Builder::new()
                .spawn(move || {
                    let _ = site.serve(&stream);
                })
                .map_err(|error| Failure::new(format!("cannot start a thread: {error}")))?;
        }
        Ok(())
    }
}

struct Site {
    folder: PathBuf,
    port: u16,
}

/// What is sent back.
struct Response {
    status: &'static str,
    content_type: &'static str,
    headers: &'static str,
    body: Body,
}

enum Body {
    Text(&'static str),
    File(File, u64),
}

impl Site {
    /// Reads one request, answers it and closes the connection.
    fn serve(&self, stream: &TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        stream.set_write_timeout(Some(Duration::from_secs(30)))?;
        let mut head = String::new();
        let mut reader = BufReader::new(stream.take(LONGEST_HEAD));
        while reader.read_line(&mut head)? > 0 && !head.ends_with("\r\n\r\n") {}
        if head.is_empty() {
            return Ok(());
        }
        let response = self.answer(&head);
        let length = match &response.body {
            Body::Text(text) => text.len() as u64,
            Body::File(_, length) => *length,
        };
        let Response { status, content_type, headers, body } = response;
        let mut stream = stream;
        write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\
             Cache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\n{headers}\
             Connection: close\r\n\r\n"
        )?;
        if !head.starts_with("HEAD ") {
            match body {
                Body::Text(text) => stream.write_all(text.as_bytes())?,
                Body::File(file, length) => {
                    io::copy(&mut file.take(length), &mut stream)?;
                }
            }
        }
        stream.flush()
    }

    /// The answer to a request head.
    fn answer(&self, head: &str) -> Response {
        let mut words = head.lines().next().unwrap_or_default().split(' ');
        let (Some(method), Some(target), Some("HTTP/1.1" | "HTTP/1.0"), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return plain("400 Bad Request", "This is not an HTTP request.\n");
        };
        if !matches!(method, "GET" | "HEAD") {
            return Response {
                headers: "Allow: GET, HEAD\r\n",
                ..plain("405 Method Not Allowed", "Only GET and HEAD.\n")
            };
        }
        if !self.is_ours(head) {
            return plain("421 Misdirected Request", "This server is for this machine only.\n");
        }
        let Some(path) = path_within(target) else {
            return plain("404 Not Found", "There is no such file.\n");
        };
        self.file(&path).unwrap_or_else(|| plain("404 Not Found", "There is no such file.\n"))
    }

    /// Whether the request was addressed to this machine by a name of its own.
    fn is_ours(&self, head: &str) -> bool {
        let host = head.lines().skip(1).find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("host").then(|| value.trim())
        });
        host.is_some_and(|host| {
            ["127.0.0.1", "localhost"].iter().any(|name| *host == format!("{name}:{}", self.port))
        })
    }

    fn file(&self, path: &Path) -> Option<Response> {
        let mut full = self.folder.join(path);
        if full.is_dir() {
            full.push("index.html");
        }
        // A symbolic link may lead out of the folder.
        let real = full.canonicalize().ok()?;
        if !real.starts_with(self.folder.canonicalize().ok()?) {
            return None;
        }
        let file = File::open(&real).ok()?;
        let data = file.metadata().ok().filter(fs::Metadata::is_file)?;
        // An article is data; opened by itself it must not act as a page of this address.
        let headers = if path.starts_with("articles") {
            "Content-Security-Policy: default-src 'none'; sandbox\r\n"
        } else {
            ""
        };
        Some(Response {
            status: "200 OK",
            content_type: content_type(&real),
            headers,
            body: Body::File(file, data.len()),
        })
    }
}

fn plain(status: &'static str, text: &'static str) -> Response {
    let content_type = "text/plain; charset=utf-8";
    Response { status, content_type, headers: "", body: Body::Text(text) }
}

/// The path within the folder that a request's target names; none for one that leads out of it,
/// or to a hidden file.
fn path_within(target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?;
    let decoded = percent_decoded(path.strip_prefix('/')?)?;
    let mut within = PathBuf::new();
    for part in decoded.split('/').filter(|part| !part.is_empty()) {
        if part.starts_with('.') || part.contains(['\\', ':', '\0']) {
            return None;
        }
        within.push(part);
    }
    Some(within)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let high = char::from(bytes.next()?).to_digit(16)?;
            let low = char::from(bytes.next()?).to_digit(16)?;
            decoded.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            decoded.push(byte);
        }
    }
    String::from_utf8(decoded).ok()
}

/// What a file is, by its ending.
pub fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" | "htm" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json; charset=utf-8",
        "jsonl" => "application/jsonl; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Serves the repository's own `www/` and gives what it answers to a request, head and body.
    fn ask(request: &str) -> (String, String) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www");
        let server = Server::bind(0).expect("a port");
        let port = server.port;
        thread::spawn(move || server.run(folder));
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
        let request = request.replace("HOST", &format!("Host: 127.0.0.1:{port}"));
        stream.write_all(request.as_bytes()).expect("a request sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        (head.to_owned(), body.to_owned())
    }

    #[test]
    fn serves_files_with_their_types() {
        let (head, body) = ask("GET /boot.js?x=1 HTTP/1.1\r\nHOST\r\n\r\n");
        assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
        assert!(head.contains("Content-Type: text/javascript; charset=utf-8"), "{head}");
        assert!(head.contains("Cache-Control: no-cache"), "{head}");
        assert!(body.contains("WebAssembly"), "{body}");
        assert_eq!(content_type(Path::new("a_bg.wasm")), "application/wasm");
    }

    #[test]
    fn head_gives_the_length_and_no_body() {
        let (head, body) = ask("HEAD /icons/icon.svg HTTP/1.1\r\nHOST\r\n\r\n");
        assert!(head.contains("Content-Type: image/svg+xml"), "{head}");
        assert!(!head.contains("Content-Length: 0"), "{head}");
        assert_eq!(body, "");
    }

    #[test]
    fn refuses_what_it_should() {
        for (request, status) in [
            ("GET /none HTTP/1.1\r\nHOST\r\n\r\n", "404"),
            ("GET /../Cargo.toml HTTP/1.1\r\nHOST\r\n\r\n", "404"),
            ("GET /%2e%2e/Cargo.toml HTTP/1.1\r\nHOST\r\n\r\n", "404"),
            ("GET /icons%2f..%2f..%2fCargo.toml HTTP/1.1\r\nHOST\r\n\r\n", "404"),
            ("GET /%00 HTTP/1.1\r\nHOST\r\n\r\n", "404"),
            ("GET /icons HTTP/1.1\r\nHOST\r\n\r\n", "404"),
            ("POST /boot.js HTTP/1.1\r\nHOST\r\n\r\n", "405"),
            ("GET /boot.js HTTP/1.1\r\nHost: evil.example:4717\r\n\r\n", "421"),
            ("GET /boot.js HTTP/1.1\r\n\r\n", "421"),
            ("nonsense\r\n\r\n", "400"),
        ] {
            let (head, _) = ask(request);
            assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{request:?} gave {head}");
        }
    }

    #[test]
    fn an_article_cannot_act_as_a_page() {
        let folder = std::env::temp_dir().join(format!("avow-server-{}", std::process::id()));
        fs::create_dir_all(folder.join("articles")).expect("a folder");
        fs::write(folder.join("articles/a.html"), "<script>0</script>").expect("a file");
        let site = Site { folder: folder.clone(), port: 1 };
        let response = site.file(Path::new("articles/a.html")).expect("an answer");
        assert!(response.headers.contains("sandbox"));
        fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn paths_stay_within_the_folder() {
        assert_eq!(path_within("/"), Some(PathBuf::new()));
        assert_eq!(path_within("/articles/a%20b.txt"), Some("articles/a b.txt".into()));
        for target in ["..", "/..", "/a/../b", "/.git/config", "/a\\..\\b", "/c:/x", "/%", "/%zz"] {
            assert_eq!(path_within(target), None, "{target}");
        }
    }

    #[test]
    fn a_taken_port_leads_to_the_next() {
        let first = Server::bind(0).expect("a port");
        let second = Server::bind(first.port).expect("another port");
        assert!(second.port > first.port);
    }
}
