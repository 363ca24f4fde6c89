//! The client's sans-I/O state machine.
