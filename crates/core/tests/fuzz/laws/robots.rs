//! robots.txt: any bytes are answered from; an edit keeps the preset's crawlers out, changes no other answer, and is its own last edit.

use optout_core::website::crawler::{CrawlerCatalogue, Preset};
use optout_core::website::edit::{Edit, RefusedError, write};
use optout_core::website::robots::{RequestPath, Robots, Spelling};

const PATHS: [&str; 6] = ["/", "/a", "/a/b.html?q=1", "/%61", "/\u{e9}", "/robots.txt"];

/// Agents of which no preset speaks.
const OTHERS: [&str; 3] = ["Googlebot", "bingbot", "somebot"];

pub(crate) fn holds(bytes: &[u8]) {
    let robots = Robots::parse(bytes);
    let _ = (robots.notes(), robots.named_agents());
    edited_right(bytes, |bytes, preset, catalogue| write(bytes, "robots.txt", preset, catalogue));
}

/// The first byte chooses the preset.
pub(crate) fn edited_right(
    bytes: &[u8],
    write: impl Fn(&[u8], &Preset, &CrawlerCatalogue) -> Result<Edit, RefusedError>,
) {
    let catalogue = CrawlerCatalogue::embedded();
    let preset = &catalogue.presets[usize::from(bytes.first().copied().unwrap_or(0)) % catalogue.presets.len()];
    let Ok(edit) = write(bytes, preset, catalogue) else { return };
    let again = write(edit.text.as_bytes(), preset, catalogue).expect("what was written can be edited");
    assert_eq!(again.text, edit.text);
    let (robots, after) = (Robots::parse(bytes), Robots::parse(edit.text.as_bytes()));
    for spelling in [Spelling::Exact, Spelling::Tolerated] {
        for path in PATHS.map(RequestPath::new) {
            for agent in OTHERS {
                let (old, new) = (robots.may_fetch(agent, &path, spelling), after.may_fetch(agent, &path, spelling));
                assert_eq!(old.allowed, new.allowed, "{agent} {path:?}");
            }
            for crawler in catalogue.of_preset(preset) {
                let answer = after.may_fetch(&crawler.token, &path, spelling);
                assert!(path.is_robots_txt() || !answer.allowed, "{} {path:?}", crawler.token);
            }
        }
    }
}
