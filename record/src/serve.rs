//! Start-up order, background work, shutdown.
//!
//! First the database and its migrations, then the listeners, then the work that nobody asks for. On SIGTERM or SIGINT
//! no new connection is taken, and what was begun is finished.

use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use baton_core::id::SpaceId;
use tokio::sync::watch;
use uuid::Uuid;

use crate::context::{Context, millis};
use crate::keys::epoch;
use crate::{device_api, edge_api, fhir, hl7, notice, ops, patients, people, photos};

/// Brings the database's shape up to date.
pub async fn migrate(cx: &Context) -> Result<()> {
    ops::MIGRATIONS
        .run(&cx.pool)
        .await
        .context("the database could not be migrated")
}

/// Serves until a signal says otherwise.
pub async fn serve(cx: Context) -> Result<()> {
    migrate(&cx).await?;
    let listen = &cx.config.listen;
    let (edge, operators) = (Handle::new(), Handle::new());
    let (stop_feeds, stop) = watch::channel(false);
    let feeds = hl7::listener::bind(&cx).await?;
    let mut background = vec![
        tokio::spawn(notice::run(cx.clone())),
        tokio::spawn(hl7::waiting::run(cx.clone())),
        tokio::spawn(patients::refresh::run(cx.clone())),
        tokio::spawn(housekeeping(cx.clone())),
    ];
    let feeds = feeds.map(|feeds| {
        background.push(tokio::spawn(hl7::look_after(cx.clone())));
        tokio::spawn(feeds.serve(cx.clone(), stop))
    });
    tracing::info!(
        listen.edge = %listen.edge,
        listen.ops = %listen.ops,
        listen.hl7 = cx.config.hl7.listen.map(tracing::field::display),
        listen.fhir = cx.config.fhir.as_ref().map(|fhir| tracing::field::display(fhir.listen)),
        tls = listen.tls.is_some(),
        "The record serves."
    );
    let ops_server = axum_server::bind(listen.ops)
        .handle(operators.clone())
        .serve(ops::router(cx.clone()).into_make_service());
    let ops_server = tokio::spawn(ops_server);
    let systems = Handle::new();
    let fhir_server = fhir::listen(&cx, systems.clone()).await?;
    let stop = tokio::spawn(stop_on_signal(edge.clone(), stop_feeds.clone()));
    let served = serve_edge(&cx, edge).await;
    stop.abort();
    stop_feeds.send_replace(true);
    if let Some(feeds) = feeds {
        feeds.await?;
    }
    for task in background {
        task.abort();
    }
    systems.graceful_shutdown(Some(DRAIN));
    if let Some(server) = fhir_server {
        server.await?.context("the FHIR listener failed")?;
    }
    operators.graceful_shutdown(Some(Duration::from_secs(1)));
    let ops_served = ops_server.await;
    cx.pool.close().await;
    served.context("the edge's listener failed (is the address in use?)")?;
    ops_served?.context("the operators' listener failed (is the address in use?)")?;
    tracing::info!("The record has stopped.");
    Ok(())
}

async fn serve_edge(cx: &Context, handle: Handle<std::net::SocketAddr>) -> Result<()> {
    let listen = &cx.config.listen;
    let app: Router = edge_api::router(cx.clone());
    if let Some(tls) = &listen.tls {
        let config = RustlsConfig::from_pem_file(&tls.certificate, &tls.key)
            .await
            .context("BATON_TLS_CERTIFICATE or BATON_TLS_KEY cannot be used")?;
        axum_server::bind_rustls(listen.edge, config)
            .handle(handle)
            .serve(app.into_make_service())
            .await?;
    } else {
        axum_server::bind(listen.edge)
            .handle(handle)
            .serve(app.into_make_service())
            .await?;
    }
    Ok(())
}

async fn stop_on_signal(edge: Handle<std::net::SocketAddr>, feeds: watch::Sender<bool>) {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminated => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    tracing::info!("The record stops: what was begun is finished first.");
    feeds.send_replace(true);
    edge.graceful_shutdown(Some(DRAIN));
}

/// What has to be done now and then, by any replica: all of it may be done twice.
async fn housekeeping(cx: Context) {
    loop {
        tokio::time::sleep(EVERY).await;
        if device_api::forget_nonces(&cx).await.is_err() {
            tracing::warn!("Old nonces could not be deleted now.");
        }
        if fhir::auth::forget_tokens(&cx).await.is_err() {
            tracing::warn!("Old FHIR tokens could not be deleted now.");
        }
        if photos::forget_unshown(&cx).await.is_err() {
            tracing::warn!("Photos that no message shows could not be deleted now.");
        }
        if let Err(error) = people::device::begin_due_epochs(&cx).await {
            error.answer(&cx.metrics);
        }
        if let Err(error) = renew_epochs(&cx).await {
            error.answer(&cx.metrics);
        }
    }
}

/// Begins a new epoch where one is 30 days old.
pub async fn renew_epochs(cx: &Context) -> Result<usize, crate::log::LogError> {
    let before = cx
        .now()
        .millis()
        .saturating_sub(u64::try_from(epoch::LONGEST.as_millis()).unwrap_or(u64::MAX));
    let old: Vec<(Uuid,)> = sqlx::query_as("SELECT id FROM space WHERE epoch_at < $1 LIMIT 200")
        .bind(millis(baton_core::time::At::from_millis(before)))
        .fetch_all(&cx.pool)
        .await?;
    for (space,) in &old {
        crate::log::current::begin_epoch(cx, SpaceId::from_uuid(*space)).await?;
    }
    Ok(old.len())
}

const DRAIN: Duration = Duration::from_secs(10);
const EVERY: Duration = Duration::from_mins(5);
