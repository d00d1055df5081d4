### English: the texts of the feature module `channels`.

## Telegram: suggestions under messages, invite links

offer-phone = The client’s own number, as Telegram confirms: { $phone }
offer-phone-take = Save as phone
offer-merge = This may be { $name }, who is in your list already.
offer-merge-look = Compare and merge
invite-entry = Invite to Telegram
invite-hint = With a link of their own the client’s Telegram joins this chat.
invite-title = Invite { $name } to Telegram
invite-lead = Send the link by SMS or e-mail. When the client opens it and presses Start, their Telegram belongs to this client and writes in this chat.
invite-link = Link
invite-good = Good for 30 days and for one person. Whoever opens it is taken for this client.
invite-make = Make a link
invite-no-bot = No Telegram bot is connected.
invite-back = Back to the client

## Channels

nav-channels = Channels
channels-title = Channels
channels-new = Connect a channel
channels-new-twilio = Connect a Twilio account
channels-empty = No channel is connected
channels-empty-hint = Connect a Twilio account, and clients can write to you by SMS and WhatsApp.
channel-provider-twilio = Twilio
channel-heard = last webhook { $time }
channel-never-heard = no webhook yet
channel-connect-hint-twilio = Both are on the first page of Twilio’s console. The token is encrypted and never shown again.
channel-senders = Numbers
channel-senders-hint-twilio = At least one. SMS leave by the Messaging Service where there is one, else from the number; a short code or a name of up to 11 letters will do as well, but nobody can answer to a name.
channel-senders-change = What waits for a number that is no longer here fails, and its message says so.
channel-connect = Connect
channel-state = State
channel-state-working = Working
channel-state-failing = Not working
channel-state-disabled = Switched off
channel-unproven-hint = The provider has not confirmed the account and its token yet. Test the channel, or send a message by it. Until then another workspace that proves the account gets its numbers.
channel-state-unproven = Not confirmed
channel-missed = Missed messages
channel-missed-count = { $count ->
    [one] { $count } message fetched
   *[other] { $count } messages fetched
}
channel-missed-none = None
channel-missed-read = Last looked for { $time }
channel-missed-fetch = Fetch missed messages
channel-last-webhook = Last webhook
channel-refused-webhook = Refused webhook
channel-refused-why-twilio = Its signature was wrong: the auth token here is not the account’s, or the address at Twilio differs from the one below.
channel-last-error = Last error
channel-waiting = Waiting
channel-queued = { $count ->
    [one] { $count } message to be sent
   *[other] { $count } messages to be sent
}
channel-scheduled = { $count ->
    [one] { $count } for later
   *[other] { $count } for later
}
channel-test = Test
channel-enable = Switch on
channel-disable = Switch off
channel-disable-hint-twilio = Switched off, the channel sends nothing and takes nothing in: messages that clients write meanwhile are lost, and what waits to be sent fails.
channel-disabled-hint = Nothing is sent, and what clients write is refused. Ticks of messages that were sent before still come.
channel-webhooks-twilio = Addresses for Twilio
channel-webhooks-hint-twilio = Paste the first one at your number, WhatsApp sender or Messaging Service in Twilio’s console, as “A message comes in”. The second one goes along with each message by itself.
channel-webhook-message = Inbound messages
channel-webhook-status = Status reports
channel-credentials = Credentials
channel-credentials-hint-twilio = Nothing more is sent with the old token. Webhooks that it signed are still believed for an hour, since Twilio goes on signing with it until the new one is promoted.
channel-leaked = The old token has become known to others: believe nothing that it signed from now on
channel-rotate = Replace the token
channel-remove = Remove the channel
channel-remove-hint = Chats and messages stay. You will be told what else happens, and asked.
channel-remove-link = Remove…
channel-remove-title = Remove { $name }?
channel-remove-stays = All chats and messages stay, and can be read and found.
channel-remove-stops = What clients write to these numbers is refused from now on.
channel-remove-fails = { $count ->
    [0] Nothing waits to be sent.
    [one] { $count } message that waits to be sent fails, and says why.
   *[other] { $count } messages that wait to be sent fail, and say why.
}
channel-remove-credentials = The credentials are deleted. To come back, the account is connected anew.
channel-check-account-active = The account “{ $subject }” answers and is active.
channel-check-account-suspended = The account “{ $subject }” is suspended. Twilio’s console says why.
channel-check-account-closed = The account “{ $subject }” is closed.
channel-check-account-unknown = Twilio does not know the account { $subject }.
channel-check-credentials-refused = Twilio refuses the auth token of { $subject }. Replace it below.
channel-check-no-answer = Twilio could not be reached: { $subject }.
channel-check-other-answer = Twilio answered { $subject }, which says nothing about the channel. Try again in a moment.
channel-check-number-found = { $subject } is there and can send SMS.
channel-check-number-missing = { $subject } is not a number of this account.
channel-check-number-without-sms = { $subject } can’t send SMS.
channel-check-sender-name = “{ $subject }” is a name, about which Twilio can’t be asked. Clients can’t answer to it.
channel-check-posts-here = What comes to { $subject } is posted here.
channel-check-posts-elsewhere = What comes to { $subject } is posted to { $detail }, not here. Paste the address below at Twilio.
channel-check-posts-nowhere = What comes to { $subject } is posted nowhere. Paste the address below at Twilio.
channel-check-service-found = The Messaging Service “{ $subject }” is there.
channel-check-service-missing = The account has no Messaging Service { $subject }.
channel-check-whatsapp-online = { $subject } is online on WhatsApp.
channel-check-whatsapp-offline = { $subject } is registered on WhatsApp, but not online yet.
channel-check-whatsapp-missing = { $subject } is not a WhatsApp sender of this account.
channel-check-whatsapp-unchecked = Twilio did not say whether { $subject } is a WhatsApp sender. A message to yourself will show it.
copy = Copy
copied = Copied
field-account_sid = Account SID
field-auth_token = Auth token
field-sms_number = SMS number
field-whatsapp_number = WhatsApp number
field-messaging_service_sid = Messaging Service SID
field-leaked = Known to others
field-enabled = Switched on
problem-not-a-sid = This is not a SID: it begins with { $prefix } and has 34 characters.
problem-not-a-sender = This is neither a number nor a short code nor a name of up to 11 Latin letters and digits.
problem-sender-required = Give a number or a Messaging Service.
problem-credentials-refused = Twilio refuses this account and token.
problem-channel-off = The channel for this is switched off.
composer-channel-off = the channel is switched off
composer-closed-channel-off = The channel that leads to this client is switched off. Ask your administrator to switch it on.
failure-channel-disabled = The channel is switched off.
failure-channel-removed = The channel was removed.
failure-channel-changed = The channel has no number for this any more.
failure-address-removed = The address was removed from the client before the message was sent. Choose another address and send it again.
failure-no-answer = The provider could not be reached.
channel-check-bot-active = The bot { $subject } answers.
channel-check-bot-refused = Telegram refuses the token of { $subject }. Get it from BotFather and replace it below.
channel-check-bot-no-answer = Telegram could not be reached: { $subject }.
channel-check-bot-posts-here = What comes to { $subject } is posted here.
channel-check-bot-posts-elsewhere = What comes to { $subject } is posted to { $detail }, not here. Switch the channel off and on again to take it back.
channel-check-bot-posts-nowhere = What comes to { $subject } is posted nowhere. Switch the channel off and on again.
channel-check-bot-post-failed = Telegram could not post what came to { $subject }: { $detail }

## Twilio: opt-out, WhatsApp's service window, WhatsApp templates

composer-opted-out = the client has opted out
composer-opted-out-how = { $transport }: the client has opted out with STOP. Only START from the client opens it again.
composer-closed-by-client = { $transport }: { $why }.
problem-opted-out = The client has opted out with STOP. Only START from the client opens it again.
problem-window-closed = The client last wrote by WhatsApp more than 24 hours ago. Send an approved template.
problem-window-unopened = The client has not written by WhatsApp yet. Send an approved template.
problem-too-many-lines = More lines than the text has variables: { $max } at most.
window-open = The 24-hour window closes in { $hours } h { $minutes } min.
window-open-minutes = The 24-hour window closes in { $minutes } min.
window-closed = The client last wrote by WhatsApp more than 24 hours ago. Until the client writes again, WhatsApp takes approved templates only.
window-unopened = The client has not written by WhatsApp yet. Until then, WhatsApp takes approved templates only.
approved-title = Approved templates
approved-hint = Texts that WhatsApp has approved for this number. They can be sent at any time, also when the client last wrote more than 24 hours ago.
approved-new = Add a template
approved-edit = Approved template
approved-form-hint = Copy the template from Twilio’s Content Template Builder once WhatsApp has approved it. What is changed here does not change it there.
approved-body-hint = The approved text, with its variables as {"{{1}}"}, {"{{2}}"} and so on.
approved-defaults-hint = One line for each variable, in order; what is left empty is filled in before sending. These placeholders can be used:
approved-delete-title = Delete this template?
approved-delete-warning = It can’t be sent from Aloqa any more. What was sent stays in the chats, and nothing changes at Twilio.
approved-none = No approved templates
approved-none-hint = No approved templates are kept for this WhatsApp number yet.
approved-to-settings = Add them in the settings
approved-all = Approved templates
approved-variable = Variable { $number }
approved-preview = The client will read
approved-send-hint = It goes out by WhatsApp, as it was approved.
field-content_sid = Content SID
field-language = Language code
field-body = Approved text
field-defaults = Values to begin with
message-approved = approved template
failure-21655 = Twilio does not know this approved template. Ask your administrator to check its Content SID.
failure-21656 = The values do not fit the approved template. Ask your administrator to check its variables.
