//! Ids that are the same on every run for the same thing: name-based UUIDs (version 5, RFC 9562).

use uuid::Uuid;

/// The name space of everything that a report gives an id to; drawn at random once, for good.
const NAMES: Uuid = Uuid::from_u128(0x7c1f_0a52_93d8_4b6e_a0b4_5f2d_8e61_c937);

/// The id of the thing that these words name together.
pub(crate) fn id(words: &[&str]) -> Uuid {
    // A length before each word: other words never give the same name.
    let name = words.iter().map(|word| format!("{}:{word}", word.len())).collect::<String>();
    Uuid::new_v5(&NAMES, name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::id;

    #[test]
    fn the_same_words_have_the_same_id_and_others_another() {
        assert_eq!(id(&["a", "b"]).to_string(), "1e4010e6-23ae-5867-b210-ae1d4b0057c4");
        assert_ne!(id(&["a", "b"]), id(&["ab"]));
        assert_ne!(id(&["a", "b"]), id(&["a", "b", ""]));
    }
}
