//! Managing channels, trying them, and trying dead deliveries again. All for those who manage channels.

use std::time::Duration;

use async_graphql::{Context, ID, Object};
use entity::{channel, channel_target, delivery, user_right::Right};
use futures::future::try_join_all;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{
    channel::{self as channels, ChannelEdit, MAX_TARGETS, TargetEdit},
    graphql::{Channel, Delivery},
    input::{
        ChannelTargetInput, CreateChannelInput, CreateChannelPayload, DeleteChannelInput,
        DeleteChannelPayload, RetryDeliveryInput, RetryDeliveryPayload, TestChannelInput,
        TestChannelPayload, TestResult, UpdateChannelInput, UpdateChannelPayload,
    },
    outbox,
    target::{self, NewTarget, TargetSettings},
};
use crate::{
    app::App,
    audit::{self, Action, Actor, Event},
    error::{Error, Result},
    graphql::{NodeId, Outcome},
    locale::Locale,
    notify::{Message, Notifier, message::Tone},
    text,
    viewer::ViewerExt,
};

/// How long a test may take; shorter than a request may, so that its answer still gets out.
const TEST_PATIENCE: Duration = Duration::from_secs(8);

/// Alerts: mutations.
#[derive(Default)]
pub struct AlertMutation;

#[Object]
impl AlertMutation {
    /// Makes a channel. For those who manage channels.
    async fn create_channel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new channel.")] input: CreateChannelInput,
    ) -> async_graphql::Result<CreateChannelPayload> {
        ctx.with(Right::ChannelsManage)?;
        let Outcome { value, errors } =
            Outcome::of(create(ctx.data_unchecked(), &Actor::of(ctx), input).await)?;
        Ok(CreateChannelPayload {
            channel: value.map(Channel::from),
            errors,
        })
    }

    /// Edits a channel. For those who manage channels.
    async fn update_channel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateChannelInput,
    ) -> async_graphql::Result<UpdateChannelPayload> {
        ctx.with(Right::ChannelsManage)?;
        let Outcome { value, errors } =
            Outcome::of(update(ctx.data_unchecked(), &Actor::of(ctx), input).await)?;
        Ok(UpdateChannelPayload {
            channel: value.map(Channel::from),
            errors,
        })
    }

    /// Deletes a channel. What it was told stays in the incidents' stories. For those who manage channels.
    async fn delete_channel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The channel to delete.")] input: DeleteChannelInput,
    ) -> async_graphql::Result<DeleteChannelPayload> {
        ctx.with(Right::ChannelsManage)?;
        let deleted = delete(ctx.data_unchecked(), &Actor::of(ctx), &input.id).await;
        let Outcome { value, errors } = Outcome::of(deleted)?;
        Ok(DeleteChannelPayload {
            deleted_id: value.map(|()| input.id),
            errors,
        })
    }

    /// Sends a test message at once, and answers with what the provider said. Works before anything is saved. A disabled
    /// target that takes it is used again. For those who manage channels.
    async fn test_channel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to test.")] input: TestChannelInput,
    ) -> async_graphql::Result<TestChannelPayload> {
        ctx.with(Right::ChannelsManage)?;
        let tested = test(
            ctx.data_unchecked(),
            ctx.data_unchecked(),
            &Actor::of(ctx),
            input,
        )
        .await;
        let Outcome { value, errors } = Outcome::of(tested)?;
        Ok(TestChannelPayload {
            results: value.unwrap_or_default(),
            errors,
        })
    }

    /// Tries a dead delivery again; its target is used again if it was disabled. For those who manage channels.
    async fn retry_delivery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The delivery to try again.")] input: RetryDeliveryInput,
    ) -> async_graphql::Result<RetryDeliveryPayload> {
        ctx.with(Right::ChannelsManage)?;
        let Outcome { value, errors } =
            Outcome::of(retry(ctx.data_unchecked(), &Actor::of(ctx), &input.id).await)?;
        Ok(RetryDeliveryPayload {
            delivery: value.map(Delivery::from),
            errors,
        })
    }
}

async fn create(app: &App, by: &Actor, input: CreateChannelInput) -> Result<channel::Model> {
    let name = channels::name(&input.name)?;
    let targets = edits(&input.targets)?;
    let txn = app.begin().await?;
    let channel = channels::create(app, &*txn, name, input.locale, input.enabled, targets).await?;
    let event = Event::done(Action::ChannelCreate, &channel.name);
    audit::record(&*txn, &app.clock, by, event).await?;
    txn.commit().await?;
    Ok(channel)
}

async fn update(app: &App, by: &Actor, input: UpdateChannelInput) -> Result<channel::Model> {
    let edit = ChannelEdit {
        name: input.name.as_deref().map(channels::name).transpose()?,
        locale: input.locale,
        enabled: input.enabled,
        targets: input.targets.as_deref().map(edits).transpose()?,
        expected_version: input.expected_version,
    };
    let id = NodeId::uuid(&input.id, "Channel")?;
    let txn = app.begin().await?;
    let found = channels::find(&*txn, id).await?.ok_or_else(gone)?;
    let channel = channels::update(app, &*txn, found, edit).await?;
    let event = Event::done(Action::ChannelUpdate, &channel.name);
    audit::record(&*txn, &app.clock, by, event).await?;
    txn.commit().await?;
    Ok(channel)
}

async fn delete(app: &App, by: &Actor, id: &ID) -> Result<()> {
    let id = NodeId::uuid(id, "Channel")?;
    let txn = app.begin().await?;
    let found = channels::find(&*txn, id).await?.ok_or_else(gone)?;
    channel::Entity::delete_by_id(found.id).exec(&*txn).await?;
    let event = Event::done(Action::ChannelDelete, found.name);
    audit::record(&*txn, &app.clock, by, event).await?;
    Ok(txn.commit().await?)
}

/// A target to try: a stored one, or one that is not saved yet.
struct Trial {
    /// Its row, if it has one.
    row: Option<Uuid>,
    hint: String,
    /// `None` when its secret cannot be opened.
    target: Option<NewTarget>,
}

impl Trial {
    fn stored(app: &App, row: &channel_target::Model) -> Result<Self> {
        Ok(Self {
            row: Some(row.id),
            hint: TargetSettings::stored(&row.settings)?.hint(),
            target: target::open(&app.secrets, row)?,
        })
    }

    /// Sends the test message, and enables a disabled target that took it.
    async fn run(self, app: &App, notifier: &Notifier, message: Message) -> Result<TestResult> {
        let answered = |delivered, answer: &str| TestResult {
            target_hint: self.hint.clone(),
            delivered,
            answer: Some(answer.to_owned()),
        };
        let Some(target) = self.target else {
            return Ok(answered(false, target::SEALED_ELSEWHERE));
        };
        let target = target.target();
        let sending = notifier.send(&target, &message, app.clock.now());
        Ok(match tokio::time::timeout(TEST_PATIENCE, sending).await {
            Ok(Ok(receipt)) => {
                if let Some(row) = self.row {
                    channels::enable_target(&app.db, row).await?;
                }
                answered(true, &receipt.answer)
            }
            Ok(Err(error)) => answered(false, error.text()),
            Err(_) => answered(
                false,
                &format!("no answer within {} s", TEST_PATIENCE.as_secs()),
            ),
        })
    }
}

async fn test(
    app: &App,
    notifier: &Notifier,
    by: &Actor,
    input: TestChannelInput,
) -> Result<Vec<TestResult>> {
    let trials = match (&input.channel_id, &input.targets) {
        (Some(id), None) => stored_targets(app, id).await?,
        (_, Some(inputs)) => unsaved_targets(app, inputs).await?,
        (None, None) => {
            return Err(Error::invalid(
                "targets",
                text!(
                    "Give a channel or targets to test.",
                    "시험할 채널이나 대상을 지정하세요."
                ),
            ));
        }
    };
    // A secret is used: that is written down, whatever comes of it.
    let hints: Vec<&str> = trials.iter().map(|trial| trial.hint.as_str()).collect();
    let event = Event::done(Action::ChannelTest, hints.join(", "));
    audit::record(&app.db, &app.clock, by, event).await?;
    // All at once: a server that does not answer must not use up the time of the others.
    let running = trials
        .into_iter()
        .map(|trial| trial.run(app, notifier, test_message(app, input.locale)));
    try_join_all(running).await
}

async fn stored_targets(app: &App, id: &ID) -> Result<Vec<Trial>> {
    let id = NodeId::uuid(id, "Channel")?;
    channels::find(&app.db, id).await?.ok_or_else(gone)?;
    let rows = channels::targets(&app.db, id).await?;
    rows.iter().map(|row| Trial::stored(app, row)).collect()
}

async fn unsaved_targets(app: &App, inputs: &[ChannelTargetInput]) -> Result<Vec<Trial>> {
    let mut trials = Vec::new();
    for edit in edits(inputs)? {
        trials.push(match edit {
            TargetEdit::New(new) => Trial {
                row: None,
                hint: new.settings.hint(),
                target: Some(new),
            },
            TargetEdit::Keep(id) => {
                let row = channel_target::Entity::find_by_id(id).one(&app.db).await?;
                Trial::stored(app, &row.ok_or_else(gone)?)?
            }
        });
    }
    Ok(trials)
}

async fn retry(app: &App, by: &Actor, id: &ID) -> Result<delivery::Model> {
    let id = NodeId::uuid(id, "Delivery")?;
    let mut tx = app.begin().await?;
    let found = delivery::Entity::find_by_id(id)
        .one(&*tx)
        .await?
        .ok_or_else(gone)?;
    let delivery = outbox::revive(&mut tx, app.clock.now(), found).await?;
    let event = Event::done(Action::DeliveryRetry, delivery.target_hint.as_str());
    audit::record(&*tx, &app.clock, by, event).await?;
    tx.commit().await?;
    Ok(delivery)
}

fn edits(inputs: &[ChannelTargetInput]) -> Result<Vec<TargetEdit>> {
    if inputs.is_empty() || inputs.len() > MAX_TARGETS {
        let message = text!(
            "Give a channel 1 to {MAX_TARGETS} targets.",
            "채널에는 대상을 1~{MAX_TARGETS}개 지정하세요."
        );
        return Err(Error::invalid("targets", message));
    }
    inputs
        .iter()
        .enumerate()
        .map(|(index, input)| match (input.parse(index)?, input) {
            (Some(new), _) => Ok(TargetEdit::New(new)),
            (None, ChannelTargetInput::Keep(id)) => {
                Ok(TargetEdit::Keep(NodeId::uuid(id, "ChannelTarget")?))
            }
            (None, _) => Err(gone()),
        })
        .collect()
}

fn test_message(app: &App, locale: Locale) -> Message {
    let name = &app.config.name;
    Message {
        id: app.clock.new_id(),
        thread: None,
        starts_thread: true,
        locale,
        tone: Tone::Info,
        title: locale.pick("This is a test".into(), "시험 메시지입니다".into()),
        cause: locale.pick(
            format!("{name} can send alerts here. Nothing is wrong."),
            format!("{name}이(가) 여기로 알림을 보낼 수 있습니다. 아무 문제도 없습니다."),
        ),
        remedy: Vec::new(),
        facts: Vec::new(),
        evidence: Vec::new(),
        link: Some(app.config.public_url().to_string()),
        mark: locale.pick("test".into(), "시험".into()),
        at: app.clock.now(),
    }
}

fn gone() -> Error {
    Error::NotFound(text!(
        "There is no such channel, target or delivery any more.",
        "없는 채널, 대상 또는 전송입니다."
    ))
}
