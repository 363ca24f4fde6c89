//! Baton in the browser; everything is in the library beside this.

fn main() {
    baton_app::start();
}
