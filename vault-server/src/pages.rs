//! The pages: one application for the browser, and the files it is made of.

use crate::problem::Refused;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use vault_core::fault::{Code, Fault};

/// Every path that is no route of the interface.
pub async fn page(request: Request) -> Response {
    if request.uri().path().starts_with("/api/") {
        let fault = Fault::new(Code::ArgumentInvalid).with("argument", request.uri().path());
        let mut response = Refused::from(fault).into_response();
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    }
    StatusCode::NOT_FOUND.into_response()
}
