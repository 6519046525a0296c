//! What the calls about registers of oversight share: how steps are told.

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::output;
use crate::table::{Lean, Table};
use crate::times::{Zone, rfc3339, shown_time};
use clap::ArgMatches;
use serde_json::{Map, Value, json};
use vault_core::oversight::Step;
use vault_core::oversight::lapse::clause_name;
use vault_core::oversight::review::{MATERIALS, ground_name};
use vault_core::wording::{Family, shown};

/// Says that something was entered.
pub(crate) fn done(
    context: &Context,
    matches: &ArgMatches,
    document: &Value,
    (key, value): (&str, &str),
) -> Answer<Exit> {
    if matches.get_flag("json") {
        output::json(document)?;
    } else {
        output::line(&context.text(key, &[("value", value)]))?;
    }
    Ok(Exit::Done)
}

/// The steps of an entry.
pub(crate) fn steps_json(steps: &[Step]) -> Value {
    let step = |step: &Step| {
        let fields = step.fields.iter().map(|(name, value)| (name.clone(), value.as_str().into()));
        json!({
            "seq": step.seq, "kind": step.kind, "at": rfc3339(step.at), "person": step.person,
            "text": step.text, "fields": Value::Object(fields.collect::<Map<_, _>>()),
        })
    };
    steps.iter().map(step).collect()
}

/// Where the words of a name are: where some material is, is said under the name of the material.
fn field_family(name: &str) -> Family {
    if MATERIALS.contains(&name) { Family::Material } else { Family::Field }
}

/// What stands under a name, in words where it is a code.
fn value_words(context: &Context, step: &Step, (name, value): (&str, &str)) -> String {
    let family = match name {
        "kind" if step.kind.starts_with("publicity.") => Family::PublicityKind,
        "kind" => Family::DeviceKind,
        "cause" if step.kind.starts_with("publicity.") => Family::RevokeCause,
        "activity" => Family::Activity,
        "ground" => Family::Ground,
        "source" => Family::LapseSource,
        "opinion" => Family::Opinion,
        "cause" => Family::StopCause,
        "due_kind" => Family::Due,
        "grounds" => Family::ReviewGround,
        "clause" => Family::Clause,
        "materials" => Family::Material,
        "places" => Family::Carrier,
        "fit" | "passed" | "accepted" | "upheld" | "approved" | "publish" | "natural_person"
        | "major" | "secret" | "endangers" | "hinders" | "prescribed" => Family::Answer,
        _ => return shown(value),
    };
    let named = |code| match family {
        Family::ReviewGround => ground_name(code),
        Family::Clause => clause_name(code),
        _ => code,
    };
    let words = value.split(' ').map(|code| context.wording.name(family, named(code)));
    words.collect::<Vec<_>>().join(", ")
}

/// The steps of an entry, a line each.
pub(crate) fn steps_lines(context: &Context, steps: &[Step]) -> Answer<Exit> {
    let columns = ["ctl-column-time", "ctl-column-event", "ctl-column-person", "ctl-column-said"];
    let mut table = Table::new(columns.map(|name| (context.text(name, &[]), Lean::Left)).to_vec());
    for step in steps {
        // What is a document of its own is told by its own call.
        let told = step.fields.iter().filter(|(name, _)| !name.ends_with("_json"));
        let fields = told.map(|(name, value)| {
            format!(
                "{}={}",
                context.wording.name(field_family(name), name),
                value_words(context, step, (name, value))
            )
        });
        let mut said: Vec<String> = fields.collect();
        if !step.text.is_empty() {
            said.insert(0, shown(&step.text));
        }
        table.row(vec![
            shown_time(step.at, Zone::Beijing),
            context.wording.name(Family::Event, &step.kind),
            shown(&step.person),
            said.join("; "),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}
