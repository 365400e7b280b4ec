//! Sending messages.
