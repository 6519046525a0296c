//! Lists as JSON or as XLSX: chosen here, for every list in the same way.
//!
//! Promises: both forms come from the same rows under the same act; a file that holds fewer rows
//! than the list says so in itself and in the field `x-rows-cut`. Never fetches past the room of
//! a file.

use crate::extract::{Page, Signed};
use crate::limits::PAGE_ROWS_MAX;
use crate::problem::{Answer, Refused, wording};
use crate::state::{App, language_of};
use crate::views::Listed;
use axum::Json;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use vault_core::clock::Clock;
use vault_core::fault::{Code, Fault};
use vault_core::tables::Table;
use vault_core::wording::Language;
use vault_sheets::{MEDIA_TYPE, Notes, Sheet};

/// In which form a list is wanted: `?format=xlsx`, or the media type in `Accept`.
pub(crate) struct Shape {
    app: App,
    signed: Signed,
    xlsx: Option<Language>,
    asked: String,
}

#[derive(Deserialize)]
struct FormatSaid {
    format: Option<String>,
}

/// What of a query is a question to the list, not a matter of pages and form.
fn question(query: &str) -> String {
    let form = ["after=", "limit=", "format="];
    let own = query.split('&').filter(|part| !form.iter().any(|name| part.starts_with(name)));
    own.collect::<Vec<_>>().join("&")
}

impl FromRequestParts<App> for Shape {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let signed = Signed::from_request_parts(parts, app).await?;
        let said =
            Query::<FormatSaid>::try_from_uri(&parts.uri).ok().and_then(|said| said.0.format);
        let accepted = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        let xlsx = match said.as_deref() {
            Some("xlsx") => true,
            Some("json") => false,
            Some(other) => {
                return Err(Fault::new(Code::ArgumentInvalid).with("argument", other).into());
            }
            None => accepted.is_some_and(|text| text.contains(MEDIA_TYPE)),
        };
        Ok(Self {
            app: app.clone(),
            signed,
            xlsx: xlsx.then(|| language_of(&parts.headers)),
            asked: question(parts.uri.query().unwrap_or_default()),
        })
    }
}

impl Shape {
    fn sheet<T: 'static>(&self, table: &'static Table<T>) -> Answer<Option<Sheet<'static, T>>> {
        let Some(language) = self.xlsx else { return Ok(None) };
        Ok(Some(Sheet::new(table, wording(language), self.app.vault.directory())?))
    }

    async fn file<T: Send + 'static>(
        self,
        table: &'static Table<T>,
        sheet: Sheet<'static, T>,
    ) -> Answer<Response> {
        let notes = Notes {
            made: Clock::system().now(),
            person: self.signed.actor().person().to_owned(),
            asked: self.asked,
        };
        let internal = |error| Fault::new(Code::Internal).with("what", "table").caused_by(error);
        let finished = tokio::task::spawn_blocking(move || sheet.finish(&notes)).await;
        let (bytes, cut) = finished.map_err(internal)??;
        let mut response = ([(header::CONTENT_TYPE, MEDIA_TYPE)], bytes).into_response();
        let fields = response.headers_mut();
        let name = format!("attachment; filename=\"{}.xlsx\"", table.name);
        if let Ok(name) = HeaderValue::from_str(&name) {
            fields.insert(header::CONTENT_DISPOSITION, name);
        }
        if let Some(rows) = cut {
            fields.insert("x-rows-cut", HeaderValue::from(rows));
        }
        Ok(response)
    }

    /// Whether a file is wanted.
    pub(crate) const fn is_sheet(&self) -> bool {
        self.xlsx.is_some()
    }

    /// A file of these rows; for lists whose JSON is not a row for a row.
    pub(crate) async fn sheet_of<T: Send + 'static>(
        self,
        table: &'static Table<T>,
        rows: Vec<T>,
    ) -> Answer<Response> {
        let language = self.xlsx.unwrap_or(Language::Chinese);
        let mut sheet = Sheet::new(table, wording(language), self.app.vault.directory())?;
        sheet.add(&rows)?;
        self.file(table, sheet).await
    }

    /// A list that is whole: its rows, and how each is told in JSON.
    pub(crate) async fn whole<T, S, F>(
        self,
        table: &'static Table<T>,
        rows: Vec<T>,
        said: F,
    ) -> Answer<Response>
    where
        T: Send + 'static,
        S: Serialize,
        F: FnMut(T) -> S,
    {
        if self.is_sheet() {
            return self.sheet_of(table, rows).await;
        }
        Ok(Json(Listed::whole(rows.into_iter().map(said).collect())).into_response())
    }

    /// A list by pages: one of them as JSON, or all from the first on in a file, as far as there is
    /// room. `fetch` gives the rows of a page, and where the next begins.
    pub(crate) async fn paged<T, S, F, N>(
        self,
        table: &'static Table<T>,
        page: Page,
        said: impl Fn(&T) -> Answer<S>,
        fetch: F,
    ) -> Answer<Response>
    where
        T: Send + 'static,
        S: Serialize,
        F: Fn(Page) -> N,
        N: Future<Output = Answer<(Vec<T>, Option<u64>)>>,
    {
        let Some(mut sheet) = self.sheet(table)? else {
            let (rows, next) = fetch(page).await?;
            let items = rows.iter().map(said).collect::<Result<_, _>>()?;
            return Ok(Json(Listed { items, next }).into_response());
        };
        let mut page = Page { after: None, rows: PAGE_ROWS_MAX };
        loop {
            let (rows, next) = fetch(page).await?;
            sheet.add(&rows)?;
            if next.is_none() {
                break;
            }
            if sheet.room() == 0 {
                sheet.cut();
                break;
            }
            page.after = next;
        }
        self.file(table, sheet).await
    }
}
