//! Tests of stored message templates.

use aloqa::{
    domain::{NewTemplate, SearchTerms, TemplateId, TemplateText},
    persistence::{PageRequest, TemplateSort},
};
use chrono::TimeDelta;

use crate::support::{Company, TestEnv};

on_both_engines![
    a_template_is_created_changed_and_deleted,
    templates_are_listed_by_name_and_found_by_their_text,
    templates_are_listed_in_the_requested_order,
];

fn template(name: &str, text: &str) -> NewTemplate {
    NewTemplate { name: name.into(), text: TemplateText::parse(text).unwrap() }
}

async fn create(company: &Company, env: &TestEnv, new: &NewTemplate) -> TemplateId {
    let mut tx = company.begin().await;
    let id = tx.templates_mut().create(new, env.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn a_template_is_created_changed_and_deleted(env: TestEnv) {
    let company = env.company("samarkand").await;
    let id = create(&company, &env, &template("Salom", "Assalomu alaykum, {{client.first_name}}!")).await;
    let made = env.clock.now();
    let stored = company.read().await.templates().get(id).await.unwrap().unwrap();
    assert_eq!(
        (stored.name.as_str(), stored.text.as_str()),
        ("Salom", "Assalomu alaykum, {{client.first_name}}!")
    );
    assert_eq!((stored.created_at, stored.updated_at), (made, made));

    env.advance_clock(TimeDelta::minutes(1));
    let mut tx = company.begin().await;
    assert!(tx.templates_mut().update(id, &template("Xayr", "Xayr!"), env.clock.now()).await.unwrap());
    assert!(!tx.templates_mut().update(TemplateId(id.0 + 1), &template("?", "?"), made).await.unwrap());
    let stored = tx.templates().get(id).await.unwrap().unwrap();
    assert_eq!((stored.name.as_str(), stored.text.as_str()), ("Xayr", "Xayr!"));
    assert_eq!((stored.created_at, stored.updated_at), (made, env.clock.now()));
    let (terms, five) = (SearchTerms::parse("Salom"), PageRequest { page: 1, limit: 5 });
    let found = tx.templates().page(&terms, TemplateSort::Name, five).await.unwrap();
    assert_eq!(found.total, 0, "it is no longer found by what it said");

    assert!(tx.templates_mut().delete(id).await.unwrap());
    assert!(!tx.templates_mut().delete(id).await.unwrap());
    assert!(tx.templates().get(id).await.unwrap().is_none());
}

async fn templates_are_listed_by_name_and_found_by_their_text(env: TestEnv) {
    let company = env.company("samarkand").await;
    for (name, text) in
        [("c Narxlar", "100% yangi"), ("a Salom", "Салом, {{client.full_name}}"), ("b Xayr", "Ko'rishguncha")]
    {
        create(&company, &env, &template(name, text)).await;
    }
    let found = async |query: &str, page: i64| {
        let request = PageRequest { page, limit: 2 };
        let terms = SearchTerms::parse(query);
        let page = company.read().await.templates().page(&terms, TemplateSort::Name, request).await.unwrap();
        let names: Vec<_> = page.items.into_iter().map(|t| t.name).collect();
        (names.join(", "), page.total)
    };
    assert_eq!(found("", 1).await, ("a Salom, b Xayr".into(), 3));
    assert_eq!(found("", 2).await, ("c Narxlar".into(), 3));
    assert_eq!(found("SALOM full", 1).await, ("a Salom".into(), 1));
    assert_eq!(found("koʻrish", 1).await, ("b Xayr".into(), 1));
    assert_eq!(found("%", 1).await, ("c Narxlar".into(), 1));
    assert_eq!(found("_", 1).await, ("a Salom".into(), 1), "the one with a placeholder");
    assert_eq!(found("telegram", 1).await, (String::new(), 0));
}

async fn templates_are_listed_in_the_requested_order(env: TestEnv) {
    let company = env.company("samarkand").await;
    for (name, uses) in [("c", 1), ("a", 0), ("d", 3), ("b", 1)] {
        let id = create(&company, &env, &template(name, "Salom")).await;
        let mut tx = company.begin().await;
        for _ in 0..uses {
            tx.templates_mut().count_use(id).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
    for (sort, expected) in
        [(TemplateSort::Name, "abcd"), (TemplateSort::MostUsed, "dbca"), (TemplateSort::Newest, "bdac")]
    {
        let mut all = String::new();
        for page in 1..=2 {
            let request = PageRequest { page, limit: 2 };
            let terms = SearchTerms::parse("salom");
            let found = company.read().await.templates().page(&terms, sort, request).await.unwrap();
            assert_eq!(found.total, 4);
            all.extend(found.items.into_iter().map(|template| template.name));
        }
        assert_eq!(all, expected, "{sort:?}");
    }
}
