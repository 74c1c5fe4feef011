//! robots.txt: any bytes are answered from; an edit keeps the preset's crawlers out, changes no other answer, and is its own
//! last edit.
#![no_main]

use libfuzzer_sys::fuzz_target;
use optout_core::website::crawler::CrawlerCatalogue;
use optout_core::website::edit::write;
use optout_core::website::robots::{RequestPath, Robots, Spelling};

const PATHS: [&str; 6] = ["/", "/a", "/a/b.html?q=1", "/%61", "/\u{e9}", "/robots.txt"];

fuzz_target!(|bytes: &[u8]| {
    let catalogue = CrawlerCatalogue::embedded();
    let robots = Robots::parse(bytes);
    let _ = (robots.notes(), robots.named_agents());
    let preset = &catalogue.presets[usize::from(bytes.first().copied().unwrap_or(0)) % catalogue.presets.len()];
    let Ok(edit) = write(bytes, "robots.txt", preset, catalogue) else { return };
    let again = write(edit.text.as_bytes(), "robots.txt", preset, catalogue).expect("what was written can be edited");
    assert_eq!(again.text, edit.text);
    let after = Robots::parse(edit.text.as_bytes());
    let blocked: Vec<&str> = catalogue.of_preset(preset).map(|crawler| crawler.token.as_str()).collect();
    for spelling in [Spelling::Exact, Spelling::Tolerated] {
        for path in PATHS.map(RequestPath::new) {
            for agent in ["Googlebot", "bingbot", "somebot"] {
                let (old, new) = (robots.may_fetch(agent, &path, spelling), after.may_fetch(agent, &path, spelling));
                assert_eq!(old.allowed, new.allowed, "{agent} {path:?}");
            }
            for agent in &blocked {
                assert!(path.is_robots_txt() || !after.may_fetch(agent, &path, spelling).allowed, "{agent} {path:?}");
            }
        }
    }
});
