//! The page of the documentation shows the example as it is compiled.

#[test]
fn the_page_shows_the_example_as_it_is() {
    let page = include_str!("../../../docs/sdk/rust.md");
    let example = include_str!("../examples/first_call.rs");
    assert!(
        page.contains(&format!("```rust\n{example}```\n")),
        "docs/sdk/rust.md has another text"
    );
}
