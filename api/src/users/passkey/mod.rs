//! Passkeys (WebAuthn): a key pair on somebody's device, bound to this portal's host name, that signs them in without
//! name and password.
//!
//! The server makes a *challenge*, the browser has an authenticator sign it, the server checks the signature. A challenge
//! is a row, answered once within five minutes, by whichever replica. The authenticator must verify the person (PIN,
//! finger, face), so a passkey counts as both factors. Who made the authenticator is not asked. To add or remove a
//! passkey takes the password, as the second factor does.
//!
//! Locked accounts and temporary passwords are treated as in a sign-in by password; a passkey that is not known, not
//! right or copied gets one and the same answer. Works where `RelyingParty::of` says so: in builds with the cargo feature
//! `passkeys`, under a public URL with a host name.

mod cbor;
mod ceremony;
mod challenge;
mod cose;
pub mod graphql;
mod input;
pub mod party;

use entity::{passkey, user};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, SqlErr, sea_query::Expr,
};
use uuid::Uuid;

use ceremony::{Ceremony, ClientData, Fault, NewCredential};
use party::RelyingParty;

use super::{
    service,
    sign_in::{self, Refusal, SignedIn},
    throttle,
};
use crate::{
    app::App,
    audit::{self, Action, Actor, Event},
    error::{Error, Result},
    live::Tx,
    text,
    viewer::Origin,
};

/// Most passkeys of a person.
const MAX_PASSKEYS: u64 = 20;

/// What a browser hands over to sign in.
pub struct Assertion {
    /// Which passkey.
    pub credential_id: Vec<u8>,
    /// Whose the authenticator believes it is.
    pub user_handle: Vec<u8>,
    /// What the browser says.
    pub client_data: Vec<u8>,
    /// What the authenticator says.
    pub authenticator_data: Vec<u8>,
    /// Its signature of both.
    pub signature: Vec<u8>,
}

/// Somebody's passkeys, the newest first.
///
/// # Errors
/// The database's.
pub async fn of(db: &impl ConnectionTrait, user: Uuid) -> Result<Vec<passkey::Model>> {
    let all = passkey::Entity::find()
        .filter(passkey::Column::UserId.eq(user))
        .order_by_desc(passkey::Column::CreatedAt)
        .order_by_desc(passkey::Column::Id);
    Ok(all.all(db).await?)
}

/// Checks what a browser hands over after it made a passkey, and uses its challenge up.
///
/// # Errors
/// BAD_USER_INPUT for one that is not taken; UNAVAILABLE, or the database's.
async fn check(
    app: &App,
    user: Uuid,
    client_data: &[u8],
    attestation: &[u8],
) -> Result<NewCredential> {
    let party = RelyingParty::of(&app.config)?;
    let client = ClientData::check(&party, Ceremony::Create, client_data).map_err(refused)?;
    if !challenge::take(&app.db, &client.challenge, Some(user), app.clock.now()).await? {
        return Err(refused(STALE));
    }
    ceremony::created(&party, attestation).map_err(refused)
}

/// Takes a passkey into an account.
///
/// # Errors
/// CONFLICT for one that is known, or one too many.
async fn add(
    app: &App,
    txn: &impl ConnectionTrait,
    user: Uuid,
    name: String,
    made: NewCredential,
) -> Result<passkey::Model> {
    let of_user = passkey::Entity::find().filter(passkey::Column::UserId.eq(user));
    if of_user.count(txn).await? >= MAX_PASSKEYS {
        let message = text!(
            "You have {MAX_PASSKEYS} passkeys already: remove one first.",
            "패스키가 이미 {MAX_PASSKEYS}개입니다. 먼저 하나를 지우세요."
        );
        return Err(Error::Conflict(message, vec!["input".into()]));
    }
    let row = passkey::ActiveModel {
        id: Set(app.clock.new_id()),
        user_id: Set(user),
        credential_id: Set(made.id),
        public_key: Set(made.public_key),
        sign_count: Set(made.sign_count.into()),
        name: Set(name),
        created_at: Set(app.clock.now()),
        last_used_at: Set(None),
    };
    row.insert(txn).await.map_err(|e| match e.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::Conflict(
            text!(
                "This passkey was added before.",
                "이미 등록한 패스키입니다."
            ),
            vec!["input".into()],
        ),
        _ => e.into(),
    })
}

/// A challenge that nobody waits for an answer to.
const STALE: Fault = "the challenge is not known, too old, or was answered before";

fn refused(fault: Fault) -> Error {
    let message = text!(
        "This passkey was not taken: {fault}. Start again.",
        "패스키를 등록하지 못했습니다({fault}). 처음부터 다시 하세요."
    );
    Error::Invalid(message, vec!["input".into()])
}

/// What a sign-in counts against.
fn buckets(origin: &Origin) -> [String; 2] {
    let address = &origin.address;
    [format!("passkey:{address}"), format!("address:{address}")]
}

/// Makes a challenge for whoever wants to sign in.
///
/// # Errors
/// RATE_LIMITED, UNAVAILABLE, or the database's.
pub async fn start_sign_in(app: &App, origin: &Origin) -> Result<(RelyingParty, String)> {
    let party = RelyingParty::of(&app.config)?;
    // Counted apart from what is tried: to look at the browser's dialog must not use up the tries with a password.
    let [asked, _] = buckets(origin);
    sign_in::take_attempt(app, origin, Action::PasskeySignIn, &[asked]).await?;
    let challenge = challenge::make(&app.db, None, app.clock.now()).await?;
    Ok((party, challenge))
}

/// Signs somebody in, or writes down why not.
///
/// # Errors
/// RATE_LIMITED, UNAVAILABLE, or the database's.
pub async fn sign_in(
    app: &App,
    origin: &Origin,
    attempt: &Assertion,
) -> Result<Result<SignedIn, Refusal>> {
    let party = RelyingParty::of(&app.config)?;
    let [asked, tried] = buckets(origin);
    let tries = std::slice::from_ref(&tried);
    sign_in::take_attempt(app, origin, Action::PasskeySignIn, tries).await?;
    let deny = async |name: &str, refusal: Refusal, why: &str| {
        let event = Event::denied(Action::PasskeySignIn, name, why);
        audit::record_denial(app, &Actor::new(None, origin), event).await;
        Ok(Err(refusal))
    };
    let (row, user, count) = match prove(app, &party, attempt).await? {
        Ok(proven) => proven,
        Err((name, fault)) => return deny(&name, Refusal::Passkey, fault).await,
    };
    if let Some(refusal) = sign_in::standing(app, &user, app.clock.now()) {
        return deny(&user.username, refusal, refusal.reason()).await;
    }
    let txn = app.begin().await?;
    if !count_up(app, &*txn, row.id, count).await? {
        drop(txn);
        let why = "the authenticator's counter went back: the passkey may have been copied";
        return deny(&user.username, Refusal::Passkey, why).await;
    }
    throttle::give_back(&*txn, &[asked, tried]).await?;
    let action = Action::PasskeySignIn;
    let signed_in = sign_in::enter(app, &txn, user.id, None, action, origin).await?;
    txn.commit().await?;
    Ok(Ok(signed_in))
}

/// Whose passkey signed, and the authenticator's counter; or why not, and whose it would have been.
async fn prove(
    app: &App,
    party: &RelyingParty,
    attempt: &Assertion,
) -> Result<Result<(passkey::Model, user::Model, u32), (String, Fault)>> {
    let nobody = String::new;
    let client = match ClientData::check(party, Ceremony::Get, &attempt.client_data) {
        Ok(client) => client,
        Err(fault) => return Ok(Err((nobody(), fault))),
    };
    if !challenge::take(&app.db, &client.challenge, None, app.clock.now()).await? {
        return Ok(Err((nobody(), STALE)));
    }
    let by_id = passkey::Column::CredentialId.eq(attempt.credential_id.as_slice());
    let found = passkey::Entity::find().filter(by_id).one(&app.db).await?;
    let Some(row) = found else {
        return Ok(Err((nobody(), "no such passkey")));
    };
    let Some(user) = service::find(&app.db, row.user_id).await? else {
        return Ok(Err((nobody(), "no such passkey")));
    };
    if attempt.user_handle != row.user_id.as_bytes() {
        return Ok(Err((user.username, "another person's passkey")));
    }
    let (data, signature) = (&attempt.authenticator_data, &attempt.signature);
    Ok(
        match ceremony::signed(party, &client, &row.public_key, data, signature) {
            Ok(count) => Ok((row, user, count)),
            Err(fault) => Err((user.username, fault)),
        },
    )
}

/// Writes a use down. The counter must grow, in one statement; authenticators that do not count always say 0.
async fn count_up(app: &App, txn: &impl ConnectionTrait, id: Uuid, count: u32) -> Result<bool> {
    let count = i64::from(count);
    let stored = passkey::Column::SignCount;
    let mut grows = Condition::any().add(stored.lt(count));
    if count == 0 {
        grows = grows.add(stored.eq(0));
    }
    let used = passkey::Entity::update_many()
        .col_expr(stored, Expr::value(count))
        .col_expr(passkey::Column::LastUsedAt, Expr::value(app.clock.now()))
        .filter(passkey::Column::Id.eq(id))
        .filter(grows)
        .exec(txn)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Removes all passkeys of an account whose owner lost their devices, and those that are just being made.
///
/// # Errors
/// The database's.
pub async fn remove_all(app: &App, tx: &Tx, user: &user::Model, by: &Actor) -> Result<()> {
    challenge::forget(&**tx, user.id).await?;
    let removed = passkey::Entity::delete_many()
        .filter(passkey::Column::UserId.eq(user.id))
        .exec(&**tx)
        .await?;
    if removed.rows_affected == 0 {
        return Ok(());
    }
    let event = Event::done(Action::PasskeyRemove, &user.username).detail("all passkeys");
    audit::record(&**tx, &app.clock, by, event).await
}
