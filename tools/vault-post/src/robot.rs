//! Robots of group chats: 企业微信 and 钉钉. Both take a text by POST and answer 200 with a code
//! of their own, which must be 0.

use crate::limits::PROBLEM_CHARS_MAX;
use crate::webhook::{answer, client};
use crate::{secret, signing, undelivered};
use serde_json::{Value, json};
use vault_core::clock::Clock;
use vault_core::fault::Outcome;
use vault_core::reminders::Message;
use vault_core::settings::{RobotKind, RobotSettings};

pub(crate) async fn send(to: &RobotSettings, message: &Message) -> Outcome<()> {
    let mut url = secret::read(&to.url_file)?;
    if let (RobotKind::Dingtalk, Some(file)) = (to.kind, &to.secret_file) {
        let time_ms = Clock::system().now().as_ms();
        let sign = signing::dingtalk(&secret::read(file)?, time_ms);
        let joint = if url.contains('?') { '&' } else { '?' };
        url = format!("{url}{joint}timestamp={time_ms}&sign={sign}");
    }
    let body = json!({ "msgtype": "text", "text": { "content": message.text } }).to_string();
    let request = client()?.post(url).header("content-type", "application/json").body(body);
    // The address holds the robot's token: it stands in no problem that is told.
    let response = request.send().await.map_err(|error| undelivered(error.without_url()))?;
    let status = response.status();
    let said = answer(response).await;
    let code = serde_json::from_slice::<Value>(&said).ok();
    let code = code.and_then(|said| said.get("errcode").and_then(Value::as_i64));
    if status.is_success() && code == Some(0) {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&said);
    let said: String = said.chars().take(PROBLEM_CHARS_MAX).collect();
    Err(undelivered(format!("{status} {said}")))
}
