//! Whether a patient is the right one: asked again where another with a like name is on the same list or in the same
//! conversation. It names the others, so that one compares instead of confirming.

use crate::part::drawn::view;
use crate::prelude::*;

use crate::part::patient::PatientLine;
use crate::part::plain::{PRIMARY, SECONDARY, button, words};
use crate::store::patients::Face;

/// The question, inside a dialog.
#[component]
pub fn ConfirmPatient(
    /// Who was chosen.
    face: Face,
    /// The others.
    others: Vec<Face>,
    /// Where the others are: *on this list*, *in this conversation*.
    place: &'static str,
    /// It is the right one.
    #[prop(into)]
    yes: Callback<()>,
    /// It is not, or it is not certain.
    #[prop(into)]
    no: Callback<()>,
) -> impl IntoView {
    let name = face.name.clone();
    let many = others.len();
    view! {
        <div class="baton-confirm">
            {words("baton-confirm__title", "You chose")}
            <div class="baton-confirm__patient"><PatientLine face /></div>
            <div class="baton-warning" role="alert">
                <p class="baton-warning__title">
                    {if many == 1 { "A patient with a similar name is " } else { "Patients with similar names are " }} {place}
                </p>
                <ul class="baton-confirm__others">
                    {others
                        .into_iter()
                        .map(|face| view! { <li><PatientLine face mark=Some("Similar name") /></li> })
                        .collect_view()}
                </ul>
                {words("", "Compare the date of birth and the NHS number.")}
            </div>
            <div class="baton-buttons">
                {button(PRIMARY, format!("Yes, {name}"), "", move || yes.run(()))}
                {button(SECONDARY, "Choose another patient", "", move || no.run(()))}
            </div>
        </div>
    }
}
