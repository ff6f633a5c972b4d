//! What is read of lists, good and bad.

use super::*;

/// The rows of a list, as text; or why it cannot be read at all.
fn read_as(list: &[u8], format: Option<Format>, id: Option<&str>) -> Result<Vec<String>, String> {
    let rows = Rows::open(list, format, id, "spring-".len());
    let mut rows = rows.map_err(|failure| failure.to_string())?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().expect("it can be read") {
        all.push(match row {
            Ok(Row { line, id, metadata }) => format!("{line} {id} {}", metadata.as_text()),
            Err(BadRow { line, why }) => format!("{line} bad: {why}"),
        });
    }
    Ok(all)
}

fn read(list: &str) -> Vec<String> {
    read_as(list.as_bytes(), None, None).expect("it has a header")
}

#[test]
fn a_csv_list_gives_ids_and_the_other_columns_as_text() {
    assert_eq!(
        read(
            "\u{feff}name,Phone,age\r\nAda,+15550001,36\r\n\r\n\"Bob \"\"B\"\" \nJr, x\", +15550002 ,\r\nEve,+3,7"
        ),
        [
            r#"2 +15550001 {"name":"Ada","age":"36"}"#,
            r#"4 +15550002 {"name":"Bob \"B\" \nJr, x","age":""}"#,
            r#"6 +3 {"name":"Eve","age":"7"}"#,
        ]
    );
    assert_eq!(read("number\n7\n"), ["2 7 {}"]);
    assert_eq!(read("a;id\n1,5;x\n"), [r#"2 x {"a":"1,5"}"#]);
    assert_eq!(read("a\tid\n5\" pipe\tx\n"), [r#"2 x {"a":"5\" pipe"}"#]);
    assert_eq!(read("id\n"), [""; 0]);
}

#[test]
fn an_ndjson_list_gives_ids_and_the_other_fields_as_they_are() {
    assert_eq!(
        read("\n{\"id\":\"a\",\"n\":1.50,\"m\":{\"x\":[1]}}\n{\"phone\": 123456789012345678901}\n"),
        [r#"2 a {"m":{"x":[1]},"n":1.50}"#, "3 123456789012345678901 {}"]
    );
    let named = read_as(b"{\"id\":1,\"lead\":\"z\"}", None, Some("lead"));
    assert_eq!(named, Ok(vec![r#"1 z {"id":1}"#.to_owned()]));
}

#[test]
fn a_bad_row_is_named_by_its_line_and_the_next_one_is_read() {
    let long = "9".repeat(122);
    let list = format!("id,a\n1\n,x\na b,x\nf/x,\n{long},x\n2,{}\n3,y\n", "m".repeat(5_000));
    let said = read(&list);
    let expected = [
        "2 bad: it has 1 columns, the header has 2",
        "3 bad: its id is empty",
        "4 bad: its id `a b` has a ` `",
        "5 bad: its id `f/x` has a `/`",
        "6 bad: its id has 122 characters; 121 are allowed here",
        "7 bad: its other columns are 5008 bytes of JSON; 4096 are allowed",
        r#"8 3 {"a":"y"}"#,
    ];
    assert_eq!(said.len(), expected.len(), "{said:?}");
    for (said, expected) in said.iter().zip(expected) {
        assert!(said.starts_with(expected), "{said}");
    }
    let ndjson =
        read("{\"id\":1}\nno\n{\"id\":null}\n{\"a\":1}\n{\"id\":2,\"a\":1e999}\n{\"id\":3}");
    assert_eq!(ndjson[0], "1 1 {}");
    assert!(ndjson[1].starts_with("2 bad: it is no JSON object"), "{ndjson:?}");
    assert_eq!(ndjson[2], "3 bad: its id is neither text nor a number");
    assert_eq!(ndjson[3], "4 bad: it has no field id, number or phone");
    assert!(ndjson[4].starts_with("5 bad: its field .a is 1e999"), "{ndjson:?}");
    assert_eq!(ndjson[5], "6 3 {}");
    let binary = read_as(b"id,a\n1,\xff\n2,b\n", None, None).expect("a header");
    assert_eq!(binary, ["2 bad: it is not UTF-8", r#"3 2 {"a":"b"}"#]);
}

#[test]
fn a_row_that_is_too_long_takes_no_memory_and_the_next_one_is_read() {
    let long = "x".repeat(1 << 20);
    assert_eq!(
        read(&format!("id,a\n1,{long}\n2,b\n")),
        ["2 bad: the row is longer than 64 KiB; is a quote not closed?", r#"3 2 {"a":"b"}"#]
    );
    assert_eq!(read(&format!("{{\"id\":1,\"a\":\"{long}\"}}\n{{\"id\":2}}")).len(), 2);
    // A quote that is never closed takes 64 KiB of rows with it, and no more.
    let rest = "12345,b\n".repeat(20_000);
    let mut rows =
        Rows::open(format!("id,a\n1,\"{rest}").leak().as_bytes(), None, None, 7).expect("rows");
    assert!(rows.next().expect("it can be read").expect("a row").is_err());
    assert!(rows.lines.text.capacity() <= 2 * MAX_ROW_BYTES);
    assert!(rows.next().expect("it can be read").expect("a row").is_ok());
}

#[test]
fn a_list_without_a_header_or_a_column_for_the_id_is_refused() {
    for (list, id, said) in [
        ("", None, "the list is empty"),
        ("\n\n", None, "the list is empty"),
        (
            "+15550001\n+15550002\n",
            None,
            "the list has no column id, number or phone; its first line, the header, has `+15550001`",
        ),
        ("id,a\n", Some("lead"), "the list has no column `lead`"),
        ("id,a,a\n", None, "two columns `a`"),
        ("id,\n", None, "a column without a name"),
    ] {
        let refused = read_as(list.as_bytes(), None, id).expect_err(list);
        assert!(refused.contains(said), "{list}: {refused}");
    }
}
