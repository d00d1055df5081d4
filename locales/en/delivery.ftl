### English: the texts of the feature module `delivery`.

## Why a message was not delivered, by the provider's code

failure-unknown = The provider did not answer in time, so it may or may not have the message. Try again only if the client did not get it.
failure-gave-up = The provider could not be reached for a day.
failure-20003 = The provider rejected the channel’s credentials. Ask your administrator to renew them.
failure-20404 = The provider does not know this account or sender. Ask your administrator to check the channel.
failure-20429 = The provider is receiving too many requests. Try again in a moment.
failure-21211 = This is not a number that can receive messages.
failure-21408 = The channel is not allowed to send to this country.
failure-21610 = The client has opted out with STOP. Only the client can opt in again, with START.
failure-21614 = This number can’t receive text messages.
failure-30001 = The provider’s queue was full. Try again later.
failure-30002 = The provider’s account is suspended.
failure-30003 = The phone is switched off or out of reach.
failure-30004 = The client’s number or carrier blocks messages.
failure-30005 = The number no longer exists.
failure-30006 = This is a landline, or a number that can’t receive messages.
failure-30007 = The carrier rejected the message as spam.
failure-30008 = The carrier gave no reason.
failure-63016 = WhatsApp allows free text only within 24 hours of the client’s last message. Use an approved template.
failure-telegram-blocked = The client has blocked the bot. Only the client can unblock it.
failure-telegram-deactivated = The client’s Telegram account no longer exists.
failure-telegram-not-started = The client has not written to this bot yet, and a bot can’t write first. Send an invite link.
failure-telegram-too-large = Telegram does not accept files of this size.
failure-telegram-unauthorized = Telegram no longer accepts the bot’s token. Ask your administrator to renew it.
failure-21606 = The channel’s number can’t send to this client. Ask your administrator to check the channel.
failure-21608 = A Twilio trial account sends only to numbers verified there.
failure-21611 = Too many messages are queued for the channel’s number. Try again later.
failure-21612 = The channel’s number can’t reach this client’s number.
failure-21617 = The message is too long: SMS carry 1,600 characters at most.
failure-30034 = The channel’s number is not registered for messages to the USA (A2P 10DLC). Ask your administrator.
failure-63003 = This number is not on WhatsApp.
failure-63007 = The channel’s WhatsApp sender is not connected at Twilio. Ask your administrator to check the channel.
failure-63018 = WhatsApp accepts no more messages from this sender now. Try again later.
failure-63024 = WhatsApp does not deliver to this recipient.
failure-other = The provider refused the message: { $detail } (code { $code })
failure-code = code { $code }

## Files

file-coming = Downloading from the provider
file-lost-gone = The file is not available: the provider does not have it.
file-lost-too-large = The file is larger than 50 MB and was not downloaded.
file-lost-refused = The file was not downloaded: its address is not safe.
file-lost-storage-full = The file is not stored: the storage of the workspace is full.
file-size-kilobytes = { $size } KB
file-size-megabytes = { $size } MB
composer-attach = Attach files
problem-too-many-files = A message takes { $max } files at most.
problem-too-many-files-by = { $max ->
    [one] { $transport } carries one file per message. Send the others after it, one by one.
   *[other] { $transport } carries { $max } files per message at most.
}
problem-files-too-large = { $transport } carries { $megabytes } MB of files at most. Send fewer or smaller ones.
problem-file-type = { $transport } does not carry files like “{ $name }”.
problem-not-a-bot-token = This is not a bot token. BotFather gives it as 123456:ABC-DEF.
problem-another-bot = This is the token of another bot. Connect it as a separate channel.
problem-provider-refuses = The provider rejected it: { $words }
problem-provider-silent = The provider does not respond ({ $why }). Try again.
error-link = This link has expired
error-link-detail = It has expired or is incomplete. Open the file again in its chat.
error-files-too-large = These files are too large
error-files-too-large-detail = The files of a message may have 50 MB in total. Nothing was sent.

## Failed messages

queue-title = Queue and failures
queue-queued = In queue
queue-under-way = Being sent
queue-retried = Will be tried again
queue-scheduled = Scheduled
queue-failed = Failed
queue-unknown = Delivery unconfirmed
queue-removed = Removed channels
queue-undelivered = Not delivered
queue-channel = Channel
queue-all-channels = All channels
queue-show = Show
queue-nothing-failed = No failures
queue-message = Message
queue-when = When
queue-pick = Select the message to { $name }
queue-unknown-hint = It may have been delivered. Check the chat before sending it again.
queue-resend-picked = Resend selected
queue-resend-all = Resend all that failed
queue-total = { $count ->
    [one] { $count } message was not delivered
   *[other] { $count } messages were not delivered
}
queue-resent = { $count ->
    [0] No message is queued again.
    [one] { $count } message is queued again.
   *[other] { $count } messages are queued again.
} { $refused ->
    [0] {""}
    [one] { $refused } can’t be sent: its client can’t be reached so any more.
   *[other] { $refused } can’t be sent: their clients can’t be reached so any more.
}
channel-provider-telegram = Telegram
channels-new-telegram = Connect a Telegram bot
field-bot_token = Bot token
channel-connect-hint-telegram = BotFather gives it with /newbot. It is stored encrypted and never shown again. From now on, messages to the bot arrive here and nowhere else.
channel-credentials-hint-telegram = A new token of the same bot, after BotFather’s /revoke. Nothing more is sent with the old one.
channel-disable-hint-telegram = While the bot is switched off, it sends and receives nothing, and messages in the queue fail. Telegram keeps messages from clients for a day.
