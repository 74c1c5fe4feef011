//! `optout website`: files, and a small server on the loopback address.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::harness::Optout;

const CLOSED: &str = "User-agent: Amazonbot\nDisallow: /\n";

#[test]
fn a_file_is_judged_and_the_deciding_line_named() {
    insta::assert_snapshot!(Optout::new("website check robots.txt").file("robots.txt", CLOSED).run(), @r#"
    exit 0
    --- stdout
    OPTED-OUT  robots.txt  preset aws-training, 34 bytes
      opted-out  Amazonbot  Amazon (model-training)
          /: may not fetch, line 2 `Disallow: /` for `Amazonbot`
      37 crawlers outside the preset (--all shows them)
    --- stderr
    "#);
    let ran = Optout::new("website check --block aws-all robots.txt").file("robots.txt", CLOSED).run();
    assert_eq!(ran.code, 2);
}

#[test]
fn the_worst_of_several_sites_counts() {
    let ran = Optout::new("website check a.txt b.txt --format json").file("a.txt", CLOSED).file("b.txt", "").run();
    let verdicts: Vec<_> = ran.json()["sites"].as_array().unwrap().iter().map(|site| site["verdict"].clone()).collect();
    assert_eq!((ran.code, verdicts), (2, vec!["opted-out".into(), "sharing".into()]));
}

#[test]
fn writing_shows_the_change_keeps_the_old_file_and_is_done_once() {
    let old = "# ours\nUser-agent: *\nDisallow: /private\n";
    let ran = Optout::new("website write --yes robots.txt").file("robots.txt", old).run();
    insta::assert_snapshot!(ran, @r#"
    exit 0
    --- stdout
    --- a/robots.txt
    +++ b/robots.txt
    @@ -1,3 +1,7 @@
     # ours
     User-agent: *
     Disallow: /private
    +
    +# optout website write --block aws-training
    +User-agent: Amazonbot
    +Disallow: /
    --- stderr
    note: robots.txt is written
    "#);
    assert_eq!((ran.read("robots.txt.bak").as_str(), ran.names(".").len()), (old, 2));
    let again = ran.then("website write --yes robots.txt").run();
    assert_eq!((again.code, again.stdout.as_str()), (0, ""), "{again}");
}

#[test]
fn nothing_is_written_without_a_yes() {
    let run = |arguments: &str| Optout::new(arguments).file("robots.txt", "").run();
    let (dry, unasked) = (run("website write --dry-run robots.txt"), run("website write robots.txt"));
    assert_eq!((dry.code, unasked.code), (2, 64));
    assert_eq!((dry.read("robots.txt").as_str(), unasked.read("robots.txt").as_str()), ("", ""));
    assert!(unasked.stderr.contains("--yes"), "{unasked}");
}

#[test]
fn a_file_that_is_no_robots_txt_is_left_alone() {
    for text in [&b"<!DOCTYPE html><html></html>"[..], b"User-agent: *\0\n", b"\xff\xfe"] {
        let ran = Optout::new("website write --yes robots.txt").file("robots.txt", text).run();
        assert_eq!((ran.code, ran.names(".").len()), (1, 1), "{ran}");
    }
}

#[test]
fn a_fresh_file_keeps_its_preset_out() {
    let ran = Optout::new("website generate --block ai-all --output robots.txt").run();
    assert_eq!(ran.code, 0);
    assert_eq!(ran.then("website check --block ai-all robots.txt").run().code, 0);
}

/// Answers every request with what `answer` says for its path, on a thread that ends with the test.
fn server<B: Into<Vec<u8>>>(answer: impl Fn(&str) -> B + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let mut byte = [0; 1];
            while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or_default() == 1 {
                request.push(byte[0]);
            }
            let request = String::from_utf8_lossy(&request).into_owned();
            let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
            let _ = stream.write_all(&answer(&path).into());
        }
    });
    format!("http://{address}")
}

fn ok(headers: &str, body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}", body.len())
}

fn redirect(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

fn check(url: &str) -> crate::harness::Ran {
    Optout::new(&format!("website check --format json --allow-private {url}")).run()
}

#[test]
fn an_answer_that_was_packed_unasked_is_unpacked_or_unknown() {
    let packed = |coding: &'static str, body: Vec<u8>| {
        move |_: &str| {
            let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {}\r\n", body.len());
            [head.as_bytes(), b"Connection: close\r\n\r\n", &body].concat()
        }
    };
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(CLOSED.as_bytes()).unwrap();
    let gzip = encoder.finish().unwrap();
    let damaged = gzip[..gzip.len() / 2].to_vec();
    let ran = check(&server(packed("gzip", gzip)));
    assert_eq!(ran.code, check(&server(|_| ok("", CLOSED))).code, "{ran}");
    for (coding, body) in [("br", CLOSED.as_bytes().to_vec()), ("gzip", damaged)] {
        let ran = check(&server(packed(coding, body)));
        assert_eq!(ran.code, 3, "{coding}: {ran}");
    }
}

#[test]
fn a_private_address_is_asked_only_when_allowed() {
    let url = server(|_| ok("", CLOSED));
    let ran = Optout::new(&format!("website check --format json {url}/")).run();
    assert_eq!(ran.code, 3, "{ran}");
    assert!(ran.stdout.contains("private address"), "{ran}");
    assert_eq!(check(&url).code, 0);
}

#[test]
fn redirects_are_followed_up_to_five() {
    let chain = |length: usize| {
        server(move |path| match path.strip_prefix("/hop") {
            Some(number) if number.parse::<usize>().unwrap() >= length => ok("", CLOSED),
            Some(number) => redirect(&format!("/hop{}", number.parse::<usize>().unwrap() + 1)),
            None => redirect("/hop1"),
        })
    };
    let five = check(&chain(5)).json();
    assert_eq!(five["sites"][0]["redirects"].as_array().unwrap().len(), 5);
    assert_eq!(five["sites"][0]["crawlers"][0]["paths"][0]["rfc_9309"]["allowed"], false);
    let six = check(&chain(6)).json();
    assert_eq!(six["sites"][0]["fetch"], "too many redirects");
}

#[test]
fn a_redirect_to_another_scheme_or_a_broken_answer_ends_in_words() {
    let elsewhere = check(&server(|_| redirect("file:///etc/passwd")));
    assert!(elsewhere.code == 3 && elsewhere.stdout.contains("neither http nor https"), "{elsewhere}");
    let broken = check(&server(|_| "nonsense\r\n\r\n".to_owned()));
    assert!(broken.stdout.contains("no answer"), "{broken}");
}

#[test]
fn a_missing_file_and_a_failing_server_mean_what_the_rfc_says() {
    let status = |line: &'static str| {
        server(move |_| format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
    };
    let reading = |url: &str| check(url).json()["sites"][0]["crawlers"][0]["paths"][0]["rfc_9309"]["allowed"].clone();
    assert_eq!(reading(&status("404 Not Found")), true);
    assert_eq!(reading(&status("503 Service Unavailable")), false);
}

#[test]
fn a_page_that_is_named_is_read_for_its_directives() {
    let url = server(|path| match path {
        "/robots.txt" => ok("", ""),
        _ => ok("X-Robots-Tag: noarchive\r\n", "<meta name=robots content=noarchive>"),
    });
    let json = check(&format!("{url}/blog/post?x=1")).json();
    let amazonbot = &json["sites"][0]["crawlers"][0];
    assert_eq!((&amazonbot["token"], &amazonbot["paths"][0]["path"]), (&"Amazonbot".into(), &"/blog/post?x=1".into()));
    assert_eq!(amazonbot["pages"][0]["kept_from_training"], true);
}

#[test]
fn an_endless_answer_is_cut_off() {
    let url = server(|_| {
        let body = "Disallow: /x\n".repeat(400_000);
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
    });
    let fetch = check(&url).json()["sites"][0]["fetch"].clone();
    assert_eq!(fetch, "2097152 bytes");
}
