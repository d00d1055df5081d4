//! Tests of layout preferences: a cookie stores them, so that the first rendering is right.

use serde_json::json;

use crate::support::{TestEnv, http::Visitor};

on_both_engines! {
    layout_preferences_are_stored_in_a_cookie,
    invalid_layout_preferences_change_nothing,
}

const FRAME: &str = "/account/frame";

/// The state of the navigation and of the details that a page shows.
async fn shown(browser: &Visitor) -> [String; 2] {
    let page = browser.get("/crm/chats").html().await.is(200);
    ["data-navigation", "data-details"].map(|name| page.attribute("html", name).unwrap())
}

async fn layout_preferences_are_stored_in_a_cookie(env: TestEnv) {
    let company = env.company("samarkand").await;
    let mut browser = env.sign_in(&company.agent).await;
    let other = env.sign_in(&company.agent).await;
    assert_eq!(shown(&browser).await, ["icons", "shown"]);
    let session = browser.cookie.clone().unwrap();
    for (fields, expected) in [
        ([("navigation", "names")], ["names", "shown"]),
        ([("details", "hidden")], ["names", "hidden"]),
        ([("navigation", "icons")], ["icons", "hidden"]),
    ] {
        let from = "https://aloqa.example/crm/clients?q=a";
        let answer = browser.put(FRAME).header("referer", from).form(fields).html().await.is(303);
        assert_eq!(answer.location(), "/crm/clients?q=a", "back to the page that was looked at");
        let set = answer.header("set-cookie").unwrap();
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
        browser.cookie = Some(format!("{}; {session}", set.split(';').next().unwrap()));
        assert_eq!(shown(&browser).await, expected);
    }
    assert_eq!(shown(&other).await, ["icons", "shown"], "it is the browser's, not the user's");
    let answer = browser.put(FRAME).json_body(json!({ "details": "shown" })).json().await.is(200);
    assert_eq!(answer.value(), json!({ "navigation": "icons", "details": "shown" }));
}

async fn invalid_layout_preferences_change_nothing(env: TestEnv) {
    let company = env.company("samarkand").await;
    let mut browser = env.sign_in(&company.agent).await;
    let bad = [("navigation", "pink"), ("details", "")];
    let answer = browser.put(FRAME).form(bad).json().await;
    answer.problem(422);
    assert_eq!(answer.invalid_fields(), ["details", "navigation"]);
    for from in ["https://evil.example//evil.example/", "nonsense", "data:text/html,x", ""] {
        let request = browser.put(FRAME).header("referer", from).form([("navigation", "names")]);
        assert_eq!(request.html().await.is(303).location(), "/crm/chats", "{from}");
    }
    let session = browser.cookie.clone().unwrap();
    browser.cookie = Some(format!("aloqa_frame=\"><script>.%00; {session}"));
    assert_eq!(shown(&browser).await, ["icons", "shown"]);
}
