// All pages by name. The pages of one client or chat are found through the lists, as a user finds them.

export async function signIn(page, site, { email, password }) {
  await page.goto(`${site}/login`);
  await page.fill("#email", email);
  await page.fill("#password", password);
  await page.click("form button.primary");
  await page.waitForURL("**/crm/chats");
}

/** Signs in, sets the language, and returns the pages of that user. */
export async function pagesOf(page, site, user, locale) {
  await signIn(page, site, user);
  await page.goto(`${site}/account`);
  await page.selectOption("#f-locale", locale);
  await page.click("#account-form .primary");
  await page.waitForURL("**/account?saved");
  const hrefs = (css) => page.$$eval(css, (links) => links.map((link) => link.getAttribute("href").split("?")[0]));
  await page.goto(`${site}/crm/chats`);
  const chats = await hrefs("#chat-list li a");
  await page.goto(`${site}/crm/clients`);
  const [client] = await hrefs("#clients .person");
  await page.goto(`${site}/crm/instant-messages`);
  const [template] = await hrefs("main a[href^='/crm/instant-messages/']:not([href$='/new'])");
  await page.goto(`${site}/crm/settings/channels`);
  const [channel] = await hrefs("main a[href^='/crm/settings/channels/']:not([href$='/new'])");
  const all = {
    chats: "/crm/chats",
    "chats-unread": "/crm/chats?unread=true",
    "chats-none": "/crm/chats?q=zzzz",
    "chat-new": "/crm/chats/new",
    ...Object.fromEntries(chats.map((chat, index) => [`chat-${index + 1}`, chat])),
    "chat-find": `${chats[0]}?find=a`,
    "chat-gone": `${chats[0]}?message=999999`,
    scheduled: "/crm/scheduled-messages",
    clients: "/crm/clients",
    "clients-none": "/crm/clients?q=zzzz",
    "client-new": "/crm/clients/new",
    client,
    "client-documents": `${client}?edit=documents`,
    "client-edit": `${client}/edit`,
    "client-messages": `${client}/messages`,
    "client-actions": `${client}/actions`,
    "client-merge": `${client}/merge`,
    "client-delete": `${client}/delete`,
    duplicates: "/crm/clients/duplicates",
    imports: "/crm/clients/imports",
    templates: "/crm/instant-messages",
    "templates-none": "/crm/instant-messages?q=zzzz",
    "template-new": "/crm/instant-messages/new",
    template,
    spotlight: "/spotlight?q=sa",
    "spotlight-none": "/spotlight?q=zzzz",
    channels: "/crm/settings/channels",
    "channel-new": "/crm/settings/channels/new",
    channel,
    deliveries: "/crm/settings/deliveries",
    account: "/account",
    notifications: "/account/notifications",
    simulator: "/crm/simulator",
    "simulator-phone": "/crm/simulator?transport=sms&from=%2B998977001212",
    "simulator-telegram": "/crm/simulator?transport=telegram&from=nodira_s",
    "approved-new": channel && `${channel}/templates/new`,
    workbench: "/workbench",
    offline: `/offline?locale=${locale}`,
    missing: "/crm/chats/999999",
  };
  return Object.entries(all).filter(([, path]) => path);
}
