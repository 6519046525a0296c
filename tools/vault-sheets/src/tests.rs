use super::*;
use vault_core::tables::Column;
use vault_core::wording::Language;

static TABLE: Table<(String, i64)> = Table {
    name: "cases",
    columns: &[
        Column("ctl-column-case", |row| Cell::text(&row.0)),
        Column("ctl-column-items", |row| Cell::Number(row.1)),
    ],
};

fn notes() -> Notes {
    Notes { made: UtcTime::from_ms(0), person: "钱".into(), asked: String::new() }
}

#[test]
fn rows_beyond_the_limit_are_left_out_and_the_file_says_so() {
    let scratch = tempfile::tempdir().unwrap();
    let wording = Wording::new(Language::Chinese);
    let rows: Vec<_> = (0..5).map(|number| (format!("案{number}"), number)).collect();
    for (limit, cut) in [(3, Some(3)), (5, None), (9, None)] {
        let mut sheet = Sheet::of(&TABLE, &wording, (scratch.path(), limit)).unwrap();
        sheet.add(&rows[..2]).unwrap();
        sheet.add(&rows[2..]).unwrap();
        let (bytes, found) = sheet.finish(&notes()).unwrap();
        assert_eq!(found, cut, "{limit}");
        assert!(bytes.starts_with(b"PK"));
    }
    assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    let scratch = tempfile::tempdir().unwrap();
    let wording = Wording::new(Language::English);
    let made = || {
        let mut sheet = Sheet::new(&TABLE, &wording, scratch.path()).unwrap();
        sheet.add(&[("=1+1".into(), 7)]).unwrap();
        sheet.finish(&notes()).unwrap().0
    };
    assert_eq!(made(), made());
}

#[test]
fn days_are_counted_as_spreadsheets_count_them() {
    let day = |text: &str| serial(text.parse().unwrap());
    assert_eq!(day("1900-03-01"), Some(61.0));
    assert_eq!(day("2026-11-25"), Some(46_351.0));
    assert_eq!(day("1899-12-31"), None, "spreadsheets have no such day");
    // 20:00 UTC is 04:00 of the next day in China.
    let at =
        UtcTime::from_ms("2026-11-25".parse::<Date>().unwrap().begins_at().as_ms() + 14_400_000);
    assert_eq!(moment(at), Some(46_351.0 + 1.0 / 6.0));
    assert_eq!(short(&"长".repeat(20_000)).chars().count(), CELL_CHARS_MAX + 1);
    assert_eq!(sheet_name("a/b:c"), "abc");
}
