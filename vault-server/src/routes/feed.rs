//! The feed that portals take: JSON Feed 1.1 and RSS 2.0, for everybody on the network (R26; A2.9,
//! A2.10).
//!
//! Promises: it holds approved texts that stand and nothing else of a case; nobody is asked who he
//! is; text of people is put into XML and HTML by one writer that escapes it. In Chinese: it is
//! what the regulation publishes.

use crate::config::Tls;
use crate::extract::Asked;
use crate::limits::FEED_ITEMS;
use crate::problem::{Answer, wording};
use crate::state::App;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use serde::Deserialize;
use serde_json::json;
use std::io;
use vault_core::fault::{Code, Fault};
use vault_core::oversight::publicity::{self, FeedItem};
use vault_core::wording::{Family, Language, Wording};

/// The word for a host in an address: what else stands in a header is not repeated.
const HOST_CHARS: &str = ".:-[]";

/// Which page.
#[derive(Debug, Deserialize)]
pub(super) struct PageAsked {
    /// From 0.
    #[serde(default)]
    page: usize,
}

/// A page of the feed, with what stands around it.
struct Sheet {
    title: String,
    home: String,
    path: &'static str,
    page: usize,
    items: Vec<FeedItem>,
    more: bool,
}

impl Sheet {
    fn address(&self, page: usize) -> String {
        let query = if page == 0 { String::new() } else { format!("?page={page}") };
        format!("{}{}{query}", self.home, self.path)
    }

    fn next(&self) -> Option<String> {
        self.more.then(|| self.address(self.page + 1))
    }
}

/// The address under which the service was asked, where the operator does not say it.
fn home(app: &App, fields: &HeaderMap) -> String {
    if !app.config.feed.home.is_empty() {
        return app.config.feed.home.clone();
    }
    let said = fields.get(header::HOST).and_then(|value| value.to_str().ok());
    let fits = |text: &&str| {
        text.chars().all(|one| one.is_ascii_alphanumeric() || HOST_CHARS.contains(one))
    };
    let host = said.filter(fits).map_or_else(|| app.config.listen.to_string(), str::to_owned);
    let scheme = if app.config.tls == Tls::Off { "http" } else { "https" };
    format!("{scheme}://{host}")
}

/// The page that was asked for; none where the operator serves no feed.
async fn sheet(
    app: &App,
    fields: &HeaderMap,
    (path, page): (&'static str, usize),
) -> Answer<Option<Sheet>> {
    if app.config.feed.off {
        return Ok(None);
    }
    let room = app.feeds.acquire().await;
    let _room = room.map_err(|error| Fault::new(Code::Internal).caused_by(error))?;
    let mut items = publicity::feed(&app.vault).await?;
    let from = page.saturating_mul(FEED_ITEMS).min(items.len());
    let more = items.len() - from > FEED_ITEMS;
    let items = items.drain(from..).take(FEED_ITEMS).collect();
    let title = match app.config.feed.title.as_str() {
        "" => wording(Language::Chinese).text("server-feed-title", &[]),
        title => title.to_owned(),
    };
    Ok(Some(Sheet { title, home: home(app, fields), path, page, items, more }))
}

fn answer(fields: &HeaderMap, kind: &'static str, body: Vec<u8>) -> Response {
    let tag = format!("\"{}\"", &blake3::hash(&body).to_hex()[..32]);
    let same =
        fields.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let kept = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::ETAG, HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""))),
    ];
    if same {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    (kept, [(header::CONTENT_TYPE, HeaderValue::from_static(kind))], body).into_response()
}

/// What is published, a label and a text each, with the day and the number of the decision.
fn lines(words: &Wording, item: &FeedItem) -> Vec<(String, String)> {
    let label = |name: &str| words.name(Family::Field, name);
    let mut lines: Vec<(String, String)> =
        item.fields.iter().map(|(name, value)| (label(name), value.clone())).collect();
    lines.push((label("decided_on"), item.decided_on.clone()));
    lines.push((label("decision_number"), item.number.clone()));
    lines.retain(|(_, value)| !value.is_empty());
    lines
}

/// Its name for programs; the number of the entry, which tells nothing of the case.
fn urn(item: &FeedItem) -> String {
    format!("urn:publicity:{}", item.id)
}

fn html(lines: &[(String, String)]) -> io::Result<String> {
    let mut writer = Writer::new(Vec::new());
    writer.create_element("dl").write_inner_content(|list| {
        for (label, value) in lines {
            list.create_element("dt").write_text_content(BytesText::new(label))?;
            list.create_element("dd").write_text_content(BytesText::new(value))?;
        }
        Ok(())
    })?;
    Ok(String::from_utf8_lossy(&writer.into_inner()).into_owned())
}

fn failed(error: io::Error) -> Fault {
    Fault::new(Code::Internal).caused_by(error)
}

/// `/publicity/feed.json`.
pub(super) async fn json(
    State(app): State<App>,
    Asked(asked): Asked<PageAsked>,
    fields: HeaderMap,
) -> Answer<Response> {
    let asked = ("/publicity/feed.json", asked.page);
    let Some(sheet) = sheet(&app, &fields, asked).await? else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let words = wording(Language::Chinese);
    let mut items = Vec::with_capacity(sheet.items.len());
    for item in &sheet.items {
        let lines = lines(words, item);
        let text: Vec<_> = lines.iter().map(|(label, value)| format!("{label}：{value}")).collect();
        items.push(json!({
            "id": urn(item), "title": item.title, "content_text": text.join("\n"),
            "content_html": html(&lines).map_err(failed)?,
            "date_published": crate::views::said_time(item.approved),
            "date_modified": crate::views::said_time(item.corrected),
            "tags": [words.name(Family::PublicityKind, &item.kind)],
            "_publicity": {
                "kind": item.kind, "decided_on": item.decided_on, "number": item.number,
                "fields": item.fields.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
            },
        }));
    }
    let mut said = json!({
        "version": "https://jsonfeed.org/version/1.1", "title": sheet.title, "language": "zh-CN",
        "home_page_url": sheet.home, "feed_url": sheet.address(sheet.page), "items": items,
    });
    if let (Some(next), Some(said)) = (sheet.next(), said.as_object_mut()) {
        said.insert("next_url".to_owned(), next.into());
    }
    Ok(answer(&fields, "application/feed+json; charset=utf-8", said.to_string().into_bytes()))
}

/// `/publicity/feed.xml`.
pub(super) async fn rss(
    State(app): State<App>,
    Asked(asked): Asked<PageAsked>,
    fields: HeaderMap,
) -> Answer<Response> {
    let asked = ("/publicity/feed.xml", asked.page);
    let Some(sheet) = sheet(&app, &fields, asked).await? else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let body = channel(wording(Language::Chinese), &sheet).map_err(failed)?;
    Ok(answer(&fields, "application/rss+xml; charset=utf-8", body))
}

type Xml = Writer<Vec<u8>>;

fn element(writer: &mut Xml, name: &str, text: &str) -> io::Result<()> {
    writer.create_element(name).write_text_content(BytesText::new(text)).map(drop)
}

fn link(writer: &mut Xml, relation: &str, address: &str) -> io::Result<()> {
    let attributes = [("href", address), ("rel", relation), ("type", "application/rss+xml")];
    writer.create_element("atom:link").with_attributes(attributes).write_empty().map(drop)
}

fn channel(words: &Wording, sheet: &Sheet) -> io::Result<Vec<u8>> {
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let spaces = [("version", "2.0"), ("xmlns:atom", "http://www.w3.org/2005/Atom")];
    writer.create_element("rss").with_attributes(spaces).write_inner_content(|rss| {
        rss.create_element("channel").write_inner_content(|channel| {
            element(channel, "title", &sheet.title)?;
            element(channel, "link", &sheet.home)?;
            element(channel, "description", &words.text("server-feed-description", &[]))?;
            element(channel, "language", "zh-cn")?;
            if let Some(last) = sheet.items.iter().map(|item| item.corrected).max() {
                element(channel, "lastBuildDate", &last.in_http())?;
            }
            link(channel, "self", &sheet.address(sheet.page))?;
            if let Some(next) = sheet.next() {
                link(channel, "next", &next)?;
            }
            sheet.items.iter().try_for_each(|one| item(words, channel, one))
        })?;
        Ok(())
    })?;
    Ok(writer.into_inner())
}

fn item(words: &Wording, writer: &mut Xml, one: &FeedItem) -> io::Result<()> {
    let content = html(&lines(words, one))?;
    let inner = |item: &mut Xml| {
        element(item, "title", &one.title)?;
        element(item, "description", &content)?;
        element(item, "category", &words.name(Family::PublicityKind, &one.kind))?;
        let number = [("isPermaLink", "false")];
        let guid = item.create_element("guid").with_attributes(number);
        guid.write_text_content(BytesText::new(&urn(one)))?;
        element(item, "pubDate", &one.corrected.in_http())
    };
    writer.create_element("item").write_inner_content(inner).map(drop)
}
