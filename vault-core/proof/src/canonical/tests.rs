use super::*;
use proptest::prelude::*;

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Boolean),
        (-INTEGER_MAX..=INTEGER_MAX).prop_map(Value::Integer),
        any::<String>().prop_map(Value::Text),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            prop::collection::btree_map(any::<String>().prop_map(Key::from), inner, 0..6)
                .prop_map(Value::Map),
        ]
    })
}

proptest! {
    #[test]
    fn what_was_written_is_read(value in values()) {
        prop_assert_eq!(parse(&encode(&value)), Ok(value));
    }

    #[test]
    fn a_changed_byte_is_refused_or_means_something_else(value in values(), at: prop::sample::Index, bit in 0u8..8) {
        let mut bytes = encode(&value);
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(other) = parse(&bytes) {
            prop_assert_ne!(&other, &value);
            prop_assert_eq!(encode(&other), bytes);
        }
    }

    #[test]
    fn other_readers_agree(value in values()) {
        let bytes = encode(&value);
        prop_assert!(serde_json::from_slice::<serde_json::Value>(&bytes).is_ok());
    }
}

#[test]
fn what_is_not_canonical_is_refused() {
    let deep = format!("{}{}", "[".repeat(40), "]".repeat(40));
    let refused = [
        r#"{"b":1,"a":2}"#,
        r#"{"a":1,"a":2}"#,
        r#"{"a": 1}"#,
        " 1",
        "1 ",
        "01",
        "-0",
        "1.0",
        "1e3",
        "9007199254740992",
        r#""\u0041""#,
        r#""\/""#,
        r#""\ud800""#,
        "\"\u{1}\"",
        "tru",
        "[1,]",
        "{",
        "\"",
        "",
        "nullnull",
        &deep,
        r#""\u00""#,
        r#""\"#,
        "+1",
        "--1",
    ];
    for text in refused {
        assert!(parse(text.as_bytes()).is_err(), "{text}");
    }
    assert!(parse(b"\"\xff\"").is_err());
}

#[test]
fn keys_are_ordered_by_utf16() {
    // U+10000 is D800 DC00 in UTF-16 and so comes before U+E000.
    let text = "{\"\u{10000}\":1,\"\u{e000}\":2}";
    assert!(parse(text.as_bytes()).is_ok());
    assert!(parse("{\"\u{e000}\":2,\"\u{10000}\":1}".as_bytes()).is_err());
}
