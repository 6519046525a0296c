//! `vaultctl people`: accounts, their roles and what proves them (A3.6, R29).
//!
//! Promises: no password is taken from an argument or shown; a role holds only once another person
//! confirmed it, but while the vault is first set up.

use crate::arguments::{invalid, optional_path, text, texts};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::secret::password;
use crate::sheets::given;
use crate::table::{Lean, Table};
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::people::{self, Account, NewAccount};
use vault_core::policy::Role;
use vault_core::tables;
use vault_core::wording::{Family, Wording, shown};

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let add = help
        .command("add", "people-add")
        .arg(help.positional("account").required(true))
        .arg(help.option("person").required(true))
        .arg(help.option("unit").required(true))
        .arg(roles(help))
        .arg(help.option("certificate"))
        .arg(help.flag("outside"))
        .arg(help.json());
    let change = help
        .command("roles", "people-roles")
        .arg(help.positional("account").required(true))
        .arg(roles(help))
        .arg(help.json());
    let disable = help
        .command("disable", "people-disable")
        .arg(help.positional("account").required(true))
        .arg(help.option("reason").required(true))
        .arg(help.json());
    let replace = help
        .command("password", "people-password")
        .arg(help.positional("account").required(true))
        .arg(help.path_option("new-password-file"))
        .arg(help.json());
    let named = |name, key| {
        let account = help.positional("account").required(true);
        help.command(name, key).arg(account).arg(help.json())
    };
    help.command("people", "people")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(add)
        .subcommand(help.command("list", "people-list").arg(help.xlsx()).arg(help.json()))
        .subcommand(change)
        .subcommand(named("confirm", "people-confirm"))
        .subcommand(disable)
        .subcommand(replace)
        .subcommand(named("one-time-code", "people-one-time-code"))
        .subcommand(named("token", "people-token"))
}

fn roles(help: Help<'_>) -> Arg {
    let names = PossibleValuesParser::new(Role::ALL.iter().map(|role| role.as_str()));
    help.option("roles")
        .value_parser(names)
        .hide_possible_values(true)
        .value_delimiter(',')
        .num_args(1..)
        .required(true)
}

fn asked_roles(matches: &ArgMatches) -> Answer<Vec<Role>> {
    let named = texts(matches, "roles");
    named.iter().map(|name| Role::parse(name).ok_or_else(|| invalid("roles", name))).collect()
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("add", matches)) => add(context, matches).await,
        Some(("list", matches)) => list(context, matches).await,
        Some(("password", matches)) => replace(context, matches).await,
        Some(("one-time-code", matches)) => code(context, matches).await,
        Some(("token", matches)) => token(context, matches).await,
        Some((name @ ("roles" | "confirm" | "disable"), matches)) => {
            change(context, name, matches).await
        }
        _ => Err(super::no_command()),
    }
}

async fn add(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let new = NewAccount {
        login: text(matches, "account"),
        person: text(matches, "person"),
        unit: text(matches, "unit"),
        inside: !matches.get_flag("outside"),
        certificate: text(matches, "certificate"),
        roles: asked_roles(matches)?,
    };
    let login = new.login.clone();
    let vault = context.vault().await?;
    let id = people::propose(&vault, &context.actor(&vault).await?, new).await?;
    let document = json!({ "account": id.to_string(), "login": login });
    answered(context, matches, &document, "ctl-people-proposed")
}

async fn change(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    let login = text(matches, "account");
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let said = match name {
        "roles" => {
            people::propose_roles(&vault, &actor, &login, asked_roles(matches)?).await?;
            "ctl-people-proposed"
        }
        "confirm" => {
            people::confirm(&vault, &actor, &login).await?;
            "ctl-people-confirmed"
        }
        _ => {
            people::disable(&vault, &actor, &login, &text(matches, "reason")).await?;
            "ctl-people-disabled"
        }
    };
    answered(context, matches, &json!({ "login": login }), said)
}

async fn replace(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let login = text(matches, "account");
    let vault = context.unproved().await?;
    let own = context.acting.account().is_some_and(|acting| acting.eq_ignore_ascii_case(&login));
    let shown = if own { context.acting.sign_in(&context.wording)? } else { None };
    let words = context.text("ctl-password-new", &[("account", &login)]);
    let new = password(optional_path(matches, "new-password-file").as_deref(), &words)?;
    if let Some(shown) = shown {
        people::replace_password(&vault, &Context::operator()?, shown, new).await?;
    } else {
        let actor = context.actor(&vault).await?;
        people::set_password(&vault, &actor, &login, new).await?;
    }
    answered(context, matches, &json!({ "login": login }), "ctl-people-password-set")
}

async fn token(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let login = text(matches, "account");
    let vault = context.vault().await?;
    let token = people::new_token(&vault, &context.actor(&vault).await?, &login).await?;
    if matches.get_flag("json") {
        output::json(&json!({ "login": login, "token": token }))?;
    } else {
        output::line(&context.text("ctl-people-token", &[("token", &token)]))?;
    }
    Ok(Exit::Done)
}

async fn code(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let login = text(matches, "account");
    let vault = context.vault().await?;
    let key = people::new_code_key(&vault, &context.actor(&vault).await?, &login).await?;
    let address =
        format!("otpauth://totp/evidence-vault:{login}?secret={key}&issuer=evidence-vault");
    if matches.get_flag("json") {
        output::json(&json!({ "login": login, "key": key, "address": address }))?;
    } else {
        output::line(&context.text("ctl-people-code-key", &[("key", &key)]))?;
        output::line(&address)?;
    }
    Ok(Exit::Done)
}

async fn list(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let roll = people::list(&vault, &actor).await?;
    if given(context, matches, (&tables::ACCOUNTS, &actor), roll.accounts())? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        let accounts: Vec<_> = roll.accounts().iter().map(account_json).collect();
        output::json(&json!({ "accounts": accounts, "first_run": roll.first_run() }))?;
        return Ok(Exit::Done);
    }
    let names = [
        "ctl-column-account",
        "ctl-column-person",
        "ctl-column-unit",
        "ctl-column-roles",
        "ctl-column-proposed",
        "ctl-column-state",
    ];
    let columns = names.map(|name| (context.text(name, &[]), Lean::Left));
    let mut table = Table::new(columns.to_vec());
    for account in roll.accounts() {
        let proposed =
            account.proposal.as_ref().map(|one| role_names(&one.roles, &context.wording));
        let state = match (account.disabled, account.acts()) {
            (true, _) => "ctl-people-state-disabled",
            (false, true) => "ctl-people-state-acts",
            (false, false) => "ctl-people-state-waits",
        };
        table.row(vec![
            shown(&account.login),
            shown(&account.person),
            shown(&account.unit),
            role_names(&account.roles, &context.wording),
            proposed.unwrap_or_default(),
            context.text(state, &[]),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}

fn role_names(roles: &[Role], wording: &Wording) -> String {
    let names: Vec<_> =
        roles.iter().map(|role| wording.name(Family::Role, role.as_str())).collect();
    names.join(" ")
}

fn account_json(account: &Account) -> Value {
    let names = |roles: &[Role]| roles.iter().map(|role| role.as_str()).collect::<Vec<_>>();
    json!({
        "account": account.id.to_string(),
        "login": account.login,
        "person": account.person,
        "unit": account.unit,
        "inside": account.inside,
        "certificate": account.certificate,
        "roles": names(&account.roles),
        "proposed": account.proposal.as_ref().map(|proposal| names(&proposal.roles)),
        "disabled": account.disabled,
        "password_set": account.password.is_some(),
        "one_time_code": account.code_key.is_some(),
        "token": account.token.is_some(),
    })
}

fn answered(context: &Context, matches: &ArgMatches, document: &Value, said: &str) -> Answer<Exit> {
    if matches.get_flag("json") {
        output::json(document)?;
    } else {
        let login = document["login"].as_str().unwrap_or_default();
        output::line(&context.text(said, &[("account", login)]))?;
    }
    Ok(Exit::Done)
}
