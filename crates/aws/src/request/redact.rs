//! Names of role sessions are people's: they are taken out of AWS's messages before anything is kept.

/// `text` without the session names in ARNs of assumed roles and federated users.
#[must_use]
pub fn without_session_names(text: &str) -> String {
    let role = hide(text, "assumed-role/", 2);
    hide(&role, "federated-user/", 1)
}

/// Replaces the `nth` path segment after each `marker` (the marker's own word counts as none).
fn hide(text: &str, marker: &str, nth: usize) -> String {
    let mut pieces = text.split(marker);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        out.push_str(marker);
        let (kept, rest) = cut(piece, nth - 1);
        let end = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
        out.push_str(kept);
        if end > 0 {
            out.push('*');
        }
        out.push_str(rest.get(end..).unwrap_or_default());
    }
    out
}

/// Splits after `segments` slashes; all is kept where there are fewer.
fn cut(piece: &str, segments: usize) -> (&str, &str) {
    let at = match segments {
        0 => Some(0),
        segments => piece.match_indices('/').nth(segments - 1).map(|(at, _)| at + 1),
    };
    piece.split_at_checked(at.unwrap_or(piece.len())).unwrap_or((piece, ""))
}

/// Characters of role session names: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>.
fn is_name(c: char) -> bool {
    c.is_alphanumeric() || "_+=,.@-".contains(c)
}

#[cfg(test)]
mod tests {
    use super::without_session_names;

    #[test]
    fn session_names_are_hidden_and_roles_are_kept() {
        let text = "User: arn:aws:sts::111111111111:assumed-role/Audit/ann@example.com is not authorized, \
                    assumed-role/Other/bob: no";
        let hidden = without_session_names(text);
        assert_eq!(
            hidden,
            "User: arn:aws:sts::111111111111:assumed-role/Audit/* is not authorized, assumed-role/Other/*: no"
        );
    }

    #[test]
    fn federated_users_are_hidden() {
        assert_eq!(without_session_names("x:federated-user/Ann y"), "x:federated-user/* y");
    }

    #[test]
    fn other_texts_stay() {
        for text in ["", "assumed-role/", "assumed-role/Audit", "ä federated-user/", "nothing"] {
            assert_eq!(without_session_names(text), text);
        }
    }
}
