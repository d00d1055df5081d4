//! Tests of files in the composer: pasted, dropped, previewed, refused before the upload, and sent once.

use serde_json::json;

use crate::browser::AZIZA;
use crate::support::{
    TestServer,
    process::chromium::{ENTER, Page},
};

/// Drops a file on the chat or pastes it, as a user does.
const BRING: &str = "const [how, name, type, head, size] = arguments;
    const bytes = new Uint8Array(Number(size)).fill(7);
    bytes.set(JSON.parse(head));
    const data = new DataTransfer();
    data.items.add(new File([bytes], name, { type }));
    const options = { bubbles: true, cancelable: true };
    const event = how === 'paste' ? new ClipboardEvent('paste', { ...options, clipboardData: data })
        : new DragEvent(how, { ...options, dataTransfer: data });
    document.querySelector(how === 'paste' ? '#message' : '#log').dispatchEvent(event)";

/// The number of requests to send that the page has made.
const ASKED: &str =
    "return performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/messages')).length";

fn jpeg() -> Vec<u8> {
    let mut jpeg = Vec::new();
    let pixels = image::RgbImage::from_pixel(40, 30, image::Rgb([20, 150, 150]));
    image::codecs::jpeg::JpegEncoder::new(&mut jpeg).encode_image(&pixels).unwrap();
    jpeg
}

impl Page {
    /// Inserts a file of this size that begins with `head`, by `how`: `paste`, `dragover` or `drop`.
    async fn insert_file(&self, how: &str, name: &str, kind: &str, head: &[u8], size: usize) {
        let size = size.max(head.len()).to_string();
        self.run(BRING, &[how, name, kind, &json!(head).to_string(), &size]).await;
    }

    async fn select_transport(&self, transport: &str) {
        const CHOOSE: &str = "const field = document.querySelector('#transport');
            field.value = arguments[0]; field.dispatchEvent(new Event('change', { bubbles: true }))";
        self.run(CHOOSE, &[transport]).await;
    }
}

async fn open_chat(test_server: &TestServer, page: &Page) {
    test_server.sms(AZIZA, "Salom").await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.is_focused("#message").await;
}

async fn files_are_pasted_dropped_previewed_and_sent(test_server: TestServer, page: Page) {
    open_chat(&test_server, &page).await;
    page.insert_file("paste", "surat.jpg", "image/jpeg", &jpeg(), 0).await;
    page.has("#files img").await;
    page.until("a picture", "return document.querySelector('#files img').naturalWidth === 40", &[]).await;
    page.insert_file("dragover", "a.txt", "text/plain", b"one", 0).await;
    page.has("#drop").await;
    page.insert_file("drop", "a.txt", "text/plain", b"one", 0).await;
    page.has_no("#drop").await;
    page.shows("#files .file", "a.txt 1 KB").await;
    page.insert_file("drop", "b.txt", "text/plain", b"two", 0).await;
    page.shows("#files-status", "Attached: b.txt").await;
    // One file is removed by keyboard, and the focus moves to the next.
    page.run("document.querySelector('#files li:nth-child(2) button').focus()", &[]).await;
    page.press([ENTER]).await;
    page.shows("#files-status", "Removed: a.txt").await;
    page.is_focused("#files li:nth-child(2) button").await;
    assert_eq!(page.texts("#files .name").await, ["surat.jpg", "b.txt"]);

    // A message may consist of files alone.
    page.click("#send").await;
    page.has("#log article.out .picture img").await;
    page.shows("#log article.out .file", "b.txt").await;
    page.has_no("#files").await;
    page.has_no("#log .pending").await;
    assert_eq!(page.texts("#log article.out p").await, [""; 0]);
    test_server.deliver();
    page.has("#log article.out .status.delivered").await;
    assert_eq!(test_server.simulator.requests().len(), 1);

    // The browser's own file dialog gives the same result.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("шартнома.txt");
    std::fs::write(&path, "Salom").unwrap();
    page.write("input[type=file]", path.to_str().unwrap()).await;
    page.shows("#files .file", "шартнома.txt").await;
    page.write("#message", "Mana").await;
    page.press([ENTER]).await;
    page.shows("#log article.out:last-of-type", "шартнома.txt").await;
    page.shows("#log article.out:last-of-type", "Mana").await;
}

async fn unsupported_files_are_reported_before_the_upload(test_server: TestServer, page: Page) {
    open_chat(&test_server, &page).await;
    page.insert_file("paste", "surat.jpg", "image/jpeg", &jpeg(), 5_000_001).await;
    page.shows("#files-problem", "SMS carries 5 MB of files at most").await;
    page.press([ENTER]).await;
    page.has("#files-problem").await;
    test_server.whatsapp(AZIZA, "Men").await;
    page.has("#limits:has([data-window=open])").await;
    page.select_transport("whatsapp").await;
    page.has_no("#files-problem").await;
    page.insert_file("drop", "a.txt", "text/plain", b"one", 0).await;
    page.shows("#files-problem", "WhatsApp carries one file per message").await;
    page.click("#send").await;
    page.click("#files li:last-child button").await;
    page.has_no("#files-problem").await;
    page.click("#files li:last-child button").await;
    page.has_no("#files").await;
    page.insert_file("drop", "a.html", "text/html", b"<html>", 0).await;
    page.shows("#files-problem", "WhatsApp does not carry files like “a.html”").await;
    page.write("#message", "With words").await;
    page.press([ENTER]).await;
    assert_eq!(page.value("#message").await, "With words");
    assert_eq!(page.run(ASKED, &[]).await, 0, "nothing was sent");
    page.click("#files button").await;
    page.is_focused("#message").await;
    page.press([ENTER]).await;
    page.shows("#log article.out", "With words").await;
}

async fn an_interrupted_upload_is_sent_once(test_server: TestServer, page: Page) {
    test_server.whatsapp(AZIZA, "Men").await;
    open_chat(&test_server, &page).await;
    page.select_transport("whatsapp").await;
    page.insert_file("paste", "surat.jpg", "image/jpeg", &jpeg(), 15_000_000).await;
    test_server.network.pause();
    page.press("Mana".chars().chain([ENTER])).await;
    page.has("#upload progress").await;
    page.has("#log .pending img").await;
    page.has_no("#files").await;
    page.click("#upload button").await;
    page.shows("#files-status", "Nothing was sent").await;
    page.has_no("#composer-error").await;
    page.shows("#files .file", "surat.jpg 15 MB").await;
    assert_eq!(page.value("#message").await, "Mana");

    page.press([ENTER]).await;
    page.has("#upload progress").await;
    test_server.network.disconnect();
    page.has("#composer-error").await;
    page.has_no("#upload").await;
    page.shows("#files .file", "surat.jpg 15 MB").await;
    assert_eq!(page.value("#message").await, "Mana");

    // This time the upload arrives, but the page does not get the response.
    test_server.network.drop_responses();
    page.press([ENTER]).await;
    page.has("#upload progress").await;
    page.has("#composer-error").await;
    test_server.network.restore();
    page.press([ENTER]).await;
    page.has("#log article.out .picture img").await;
    page.has_no("#files").await;
    page.has_no("#log .pending").await;
    test_server.deliver();
    page.has("#log article.out .status.delivered").await;
    assert_eq!(page.texts("#log article .bubble").await, ["Men", "Salom", "Mana"]);
    assert_eq!(test_server.sent(), ["Mana"]);
}

in_chromium!(scripts Run:
    files_are_pasted_dropped_previewed_and_sent,
    unsupported_files_are_reported_before_the_upload,
    an_interrupted_upload_is_sent_once,
);
