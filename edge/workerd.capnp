# The edge on one's own machine: `workerd serve edge/workerd.capnp`, after `worker-build` has filled `target/edge`.
#
# What differs between deployments comes from outside:
#   --socket-addr http=127.0.0.1:8787      where it listens (TLS ends before it, or add `tlsOptions` to the socket)
#   --directory-path app=/srv/baton/dist   the built app
#   --directory-path objects=/var/lib/baton-edge   where Durable Objects keep who listens (opaque ids only)
#   environment: RECORD_URL, RECORD_VERIFY_KEY, EDGE_SIGNING_KEY, and optionally CONNECT_SRC, ADDRESS_HEADER, GATEWAY_SHARDS

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "edge", worker = .edge),
    (name = "app", disk = (path = "../dist", writable = false)),
    (name = "objects", disk = (path = "../target/edge-objects", writable = true)),
    # The record is next door, so private addresses are allowed; nothing else is ever called.
    (name = "record", network = (
      allow = ["public", "private"],
      tlsOptions = (trustBrowserCas = true),
    )),
  ],
  sockets = [
    (name = "http", address = "127.0.0.1:8787", http = (), service = "edge"),
  ],
);

const edge :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed "../target/edge/index.js"),
    (name = "index_bg.wasm", wasm = embed "../target/edge/index_bg.wasm"),
  ],
  compatibilityDate = "2026-09-01",
  # What goes over the sockets is sealed, and does not compress.
  compatibilityFlags = ["no_web_socket_compression"],
  bindings = [
    (name = "ASSETS", service = "app"),
    (name = "GATEWAY", durableObjectNamespace = "Gateway"),
    (name = "SPACE", durableObjectNamespace = "Space"),
    (name = "RECORD_URL", fromEnvironment = "RECORD_URL"),
    (name = "RECORD_VERIFY_KEY", fromEnvironment = "RECORD_VERIFY_KEY"),
    (name = "EDGE_SIGNING_KEY", fromEnvironment = "EDGE_SIGNING_KEY"),
    (name = "CONNECT_SRC", fromEnvironment = "CONNECT_SRC"),
    (name = "ADDRESS_HEADER", fromEnvironment = "ADDRESS_HEADER"),
    (name = "GATEWAY_SHARDS", fromEnvironment = "GATEWAY_SHARDS"),
  ],
  globalOutbound = "record",
  durableObjectNamespaces = [
    (className = "Gateway", uniqueKey = "baton-gateway", enableSql = true),
    (className = "Space", uniqueKey = "baton-space", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "objects"),
);
