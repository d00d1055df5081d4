### English: the texts of the feature module `channels`.

## Telegram: suggestions under messages, invite links

offer-phone = The client’s own number, as Telegram confirms: { $phone }
offer-phone-take = Save as phone
offer-merge = This may be { $name }, who is already in your list.
offer-merge-look = Compare and merge
invite-entry = Invite to Telegram
invite-hint = With a personal link, the client’s Telegram joins this chat.
invite-title = Invite { $name } to Telegram
invite-lead = Send the link by SMS or e-mail. When the client opens it and presses Start, their Telegram is linked to this client, and their messages arrive in this chat.
invite-link = Link
invite-good = Valid for 30 days and for one person. Whoever opens it is taken for this client.
invite-make = Create a link
invite-no-bot = No Telegram bot is connected.
invite-back = Back to the client

## Channels

nav-channels = Channels
channels-title = Channels
channels-new = Connect a channel
channels-new-twilio = Connect a Twilio account
channels-empty = No channels connected
channels-empty-hint = Connect a Twilio account, and clients can write to you by SMS and WhatsApp.
channel-provider-twilio = Twilio
channel-heard = last webhook { $time }
channel-never-heard = nothing received yet
channel-connect-hint-twilio = Both are on the first page of the Twilio Console. The token is stored encrypted and never shown again.
channel-senders = Numbers
channel-senders-hint-twilio = At least one. SMS are sent by the Messaging Service if there is one, otherwise from the number. A short code or a name of up to 11 letters also works, but clients can’t reply to a name.
channel-senders-change = Messages waiting for a number that you remove will fail, with the reason.
channel-connect = Connect
channel-state = State
channel-state-working = Working
channel-state-failing = Not working
channel-state-disabled = Switched off
channel-unproven-hint = The provider has not confirmed the account and its token yet. Test the channel, or send a message by it. Until then, another workspace that proves the account gets its numbers.
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
channel-refused-why-twilio = The signature was wrong: the auth token here does not belong to the account, or the address at Twilio differs from the one below.
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
channel-disable-link = Switch off…
channel-disable-hint-twilio = While the channel is switched off, it sends and receives nothing: messages from clients are lost, and messages in the queue fail.
channel-disabled-hint = Nothing is sent, and messages from clients are rejected. Status reports of messages sent earlier still arrive.
channel-webhooks-twilio = Addresses for Twilio
channel-webhooks-hint-twilio = Paste the first one into the “A message comes in” field of your number, WhatsApp sender or Messaging Service in the Twilio Console. The second one is sent with each message automatically.
channel-webhook-message = Inbound messages
channel-webhook-status = Status reports
channel-credentials = Credentials
channel-credentials-hint-twilio = Nothing more is sent with the old token. Webhooks signed with it are accepted for another hour, because Twilio uses it until the new one is promoted.
channel-leaked = The old token has leaked: reject everything signed with it from now on
channel-rotate = Replace the token
channel-remove = Remove the channel
channel-remove-hint = Chats and messages are kept. You will see what else happens before you confirm.
channel-remove-link = Remove…
channel-remove-title = Remove { $name }?
channel-remove-stays = All chats and messages are kept and can be found.
channel-remove-stops = Messages to these numbers are rejected from now on.
channel-remove-fails = { $count ->
    [0] Nothing waits to be sent.
    [one] { $count } message that waits to be sent fails, and says why.
   *[other] { $count } messages that wait to be sent fail, and say why.
}
channel-remove-credentials = The credentials are deleted. To use the account again, connect it anew.
channel-check-account-active = The account “{ $subject }” responds and is active.
channel-check-account-suspended = The account “{ $subject }” is suspended. The Twilio Console shows why.
channel-check-account-closed = The account “{ $subject }” is closed.
channel-check-account-unknown = Twilio does not know the account { $subject }.
channel-check-credentials-refused = Twilio rejects the auth token of { $subject }. Replace it below.
channel-check-no-answer = Twilio could not be reached: { $subject }.
channel-check-other-answer = Twilio answered { $subject }, which says nothing about the channel. Try again in a moment.
channel-check-number-found = { $subject } exists and can send SMS.
channel-check-number-missing = { $subject } is not a number of this account.
channel-check-number-without-sms = { $subject } can’t send SMS.
channel-check-sender-name = “{ $subject }” is a name, which Twilio can’t check. Clients can’t reply to it.
channel-check-posts-here = Messages to { $subject } arrive here.
channel-check-posts-elsewhere = Messages to { $subject } go to { $detail }, not here. Paste the address below at Twilio.
channel-check-posts-nowhere = Messages to { $subject } go nowhere. Paste the address below at Twilio.
channel-check-service-found = The Messaging Service “{ $subject }” exists.
channel-check-service-missing = The account has no Messaging Service { $subject }.
channel-check-whatsapp-online = { $subject } is online on WhatsApp.
channel-check-whatsapp-offline = { $subject } is registered on WhatsApp, but not online yet.
channel-check-whatsapp-missing = { $subject } is not a WhatsApp sender of this account.
channel-check-whatsapp-unchecked = Twilio did not say whether { $subject } is a WhatsApp sender. Send yourself a message to find out.
copy = Copy
copied = Copied
field-account_sid = Account SID
field-auth_token = Auth token
field-sms_number = SMS number
field-whatsapp_number = WhatsApp number
field-messaging_service_sid = Messaging Service SID
field-leaked = Leaked
field-enabled = Switched on
problem-not-a-sid = This is not a SID: it begins with { $prefix } and has 34 characters.
problem-not-a-sender = This is not a number, a short code or a name of up to 11 Latin letters and digits.
problem-sender-required = Enter a number or a Messaging Service.
problem-credentials-refused = Twilio rejects this account and token.
problem-channel-off = The channel for this is switched off.
composer-channel-off = the channel is switched off
failure-channel-disabled = The channel is switched off.
failure-channel-removed = The channel was removed.
failure-channel-changed = The channel no longer has a number for this.
failure-address-removed = The address was removed from the client before the message was sent. Choose another address and send it again.
failure-no-answer = The provider could not be reached.
channel-check-bot-active = The bot { $subject } responds.
channel-check-bot-refused = Telegram rejects the token of { $subject }. Get it from BotFather and replace it below.
channel-check-bot-no-answer = Telegram could not be reached: { $subject }.
channel-check-bot-posts-here = Messages to { $subject } arrive here.
channel-check-bot-posts-elsewhere = Messages to { $subject } go to { $detail }, not here. Switch the channel off and on again to get them back.
channel-check-bot-posts-nowhere = Messages to { $subject } go nowhere. Switch the channel off and on again.
channel-check-bot-post-failed = Telegram could not deliver messages to { $subject }: { $detail }

## Twilio: opt-out, WhatsApp's service window, WhatsApp templates

composer-opted-out = the client has opted out
composer-opted-out-how = { $transport }: the client has opted out with STOP. Only the client can opt in again, with START.
composer-closed-by-client = { $transport }: { $why }.
problem-opted-out = The client has opted out with STOP. Only the client can opt in again, with START.
problem-country-not-allowed = Messages to numbers of { $country } are not allowed. An administrator can allow them in Settings → Workspace.
problem-number-of-no-country = Messages to numbers that belong to no country are not allowed. An administrator can allow them in Settings → Workspace.
composer-country-not-allowed = the country is not allowed
problem-window-closed = The client last wrote by WhatsApp more than 24 hours ago. Send an approved template.
problem-window-unopened = The client has not written by WhatsApp yet. Send an approved template.
problem-too-many-lines = More lines than the text has variables: { $max } at most.
window-open = You can reply freely for another { $hours } h { $minutes } min.
window-open-minutes = You can reply freely for another { $minutes } min.
window-closed = The client last wrote by WhatsApp more than 24 hours ago. Until the client writes again, WhatsApp takes approved templates only.
window-unopened = The client has not written by WhatsApp yet. Until then, WhatsApp takes approved templates only.
approved-title = Approved templates
approved-hint = Texts that WhatsApp has approved for this number. They can be sent at any time, also when the client last wrote more than 24 hours ago.
approved-new = Add a template
approved-edit = Approved template
approved-form-hint = Copy the template from Twilio’s Content Template Builder once WhatsApp has approved it. Changes here do not change it there.
approved-body-hint = The approved text, with its variables as {"{{1}}"}, {"{{2}}"} and so on.
approved-defaults-hint = One line for each variable, in order; what is left empty is filled in before sending. These placeholders can be used:
approved-delete-title = Delete this template?
approved-delete-warning = It can no longer be sent from Aloqa. Messages already sent stay in the chats, and nothing changes at Twilio.
approved-none = No approved templates
approved-none-hint = There are no approved templates for this WhatsApp number yet.
approved-to-settings = Add them in the settings
approved-all = Approved templates
approved-variable = Variable { $number }
approved-preview = The client will read
approved-send-hint = It is sent by WhatsApp exactly as approved.
field-content_sid = Content SID
field-language = Language code
field-body = Approved text
field-defaults = Default values
message-approved = approved template
failure-21655 = Twilio does not know this approved template. Ask your administrator to check its Content SID.
failure-21656 = The values do not fit the approved template. Ask your administrator to check its variables.
