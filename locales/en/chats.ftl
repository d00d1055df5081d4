### English: the texts of the feature module `chats`.

## Chats

chats-title = Chats
chats-search = Clients and messages
chats-all = All
chats-unread = Unread
chats-new = New chat
chats-new-title = New chat
chats-new-lead = Write to a phone number. If it is new, we’ll create the client.
chats-new-submit = Open chat
chats-empty = No chats yet
chats-empty-hint = When a client writes, the chat appears here.
chats-none-found = No chats found
chats-nothing-unread = No unread messages
chats-choose = Choose a chat
chats-choose-hint = Select a chat on the left, or start a new one.
chats-first = No chats yet
chats-first-hint = The first chat opens here: start one, or wait until a client writes.
chats-unread-badge = { $count ->
    [one] { $count } unread message
   *[other] { $count } unread messages
}
chat-back = Back to chats
chat-also = { $first } · also { $others }
chat-unreachable = Can’t be reached: no channel leads to this client.
chat-unreachable-disabled = Can’t be reached: the channel is switched off.
chat-log = Messages
chat-empty = No messages yet
chat-new-messages = New messages
chat-older = Older messages
chat-newest = Jump to the newest messages
chat-mark-read = Mark as read
chat-you = You: { $text }
chat-author = { $name }: { $text }
chat-attachment = File
message-edited = edited
message-reactions = Reaction of the client:
message-forwarded = Forwarded
message-forwarded-from = Forwarded from { $name }
message-referral = From the advertisement: { $name }
message-written = Written { $time }
message-kind-invoice = Invoice
message-kind-checklist = Checklist
message-kind-story = Story
message-kind-paid-media = Paid media
message-kind-giveaway = Giveaway
message-kind-game = Game
message-retry = Try again
message-scheduled = Will be sent { $time }
status-received = Received
status-scheduled = Scheduled
status-queued = In queue
status-queued-behind = { $count ->
    [one] Waits for one other, about { $minutes } min
   *[other] Waits for { $count } others, about { $minutes } min
}
status-unknown = Delivery unconfirmed
status-sent = Sent
status-delivered = Delivered
status-read = Read
status-failed = Not delivered
composer-label = Message
composer-placeholder = Message { $name }
composer-transport = Send by
composer-send = Send
composer-closed = This client can’t be reached by any connected channel. Add a phone number, or ask your administrator to connect a channel.
composer-closed-disabled = The channel to this client is switched off. Ask your administrator to switch it on.
composer-not-allowed = Your role does not allow you to write to clients.
composer-failed = Not sent: the server did not respond. Your text is still here; try again.
transport-telegram = Telegram
transport-whatsapp = WhatsApp
transport-sms = SMS
transport-email = E-mail
transport-instagram = Instagram
transport-phone = Phone
transport-website = Website
transport-other = Other
live-lost = Connection lost. Reconnecting…

## The conversation, presence, and a new chat

message-arrived = Mark as delivered
message-send-again = Send again…
message-send-again-warning = If it was delivered, the client gets it twice.
message-send-again-yes = Send it again
chat-newer = Newer messages
chat-mark-unread = Mark as unread
chat-message-gone = This message no longer exists. These are the newest ones.
presence-typing = { $name } is typing…
presence-looking = { $name } is here too
new-chat-or = Or choose a client
new-chat-search = Name, phone or e-mail
new-chat-none = No clients found. Write to the phone number instead.
new-chat-open = Open chat with { $name }
new-chat-name = Name
new-chat-name-hint = For a new client; optional.
new-chat-find = Find

## Message templates

templates-title = Quick replies
templates-search = Search names and texts
templates-new = New quick reply
templates-edit = Edit quick reply
templates-empty = No quick replies yet
templates-empty-hint = Save the answers that you give every day.
templates-none-found = Nothing found
templates-total = { $count ->
    [one] { $count } quick reply
   *[other] { $count } quick replies
}
templates-placeholders = Insert a field
templates-delete-title = Delete this quick reply?
templates-delete-warning = Messages already sent with it stay as they are.

## Composer: drafts, templates, segments, scheduled messages

chat-draft = Draft: { $text }
composer-sending = Sending…
composer-templates = Insert a quick reply
composer-later = Send later
composer-no-address = the client has no address there
composer-no-channel = no channel is connected
composer-no-provider = no provider is connected
composer-blocked = the client has blocked the bot
composer-gone = the client’s account no longer exists
field-message = Text
field-scheduled_at = Send at
templates-for = Filled in for { $name }
sms-segments = { $count ->
    [one] { $count } segment
   *[other] { $count } segments
}, { $left } left
sms-culprit = “{ $character }” turns this into Unicode (70 characters per segment)
sms-segments-live = Segments: #count, left: #left
sms-culprit-live = “#character” turns this into Unicode (70 characters per segment)
preset-hour = In an hour
preset-tomorrow = Tomorrow morning
preset-monday = Monday morning
schedule-at = Date and time
schedule-submit = Schedule
schedule-edit = Change the scheduled message
schedule-send-now = Send now
schedule-cancel = Cancel sending
scheduled-title = Scheduled messages
scheduled-here = Scheduled
scheduled-all = All scheduled
scheduled-zone = Times are in { $zone }.
scheduled-empty = Nothing is scheduled
scheduled-empty-hint = To send a message later, press the clock next to it.
scheduled-total = { $count ->
    [one] { $count } scheduled message
   *[other] { $count } scheduled messages
}
problem-key-reused = Another message was already sent from this form. Check the chat, and send again if this one is needed too.
problem-time-passed = This time has passed. Choose a later one.
problem-time-too-far = At most a year ahead.
problem-time-skipped = The clocks go forward then, so this hour does not exist. Choose another.
error-late = Too late
error-late-detail = The message is being sent, or has been sent.

## Files in the composer; the script fills in names and sizes

composer-files = Files to send
composer-file-added = Attached: #name
composer-file-removed = Removed: #name
composer-file-remove = Remove #name
composer-no-folders = Folders can’t be sent. Choose the files in them.
composer-drop = Drop files to attach them
composer-uploading = Uploading
composer-upload-cancelled = Cancelled. Nothing was sent; your text and files are still here.

## Previews of messages that have only files

preview-photos = { $count ->
    [1] Photo
    [one] { $count } photo
   *[other] { $count } photos
}
preview-voice = { $count ->
    [1] Voice message
    [one] { $count } voice message
   *[other] { $count } voice messages
}
preview-audio = { $count ->
    [1] Audio
    [one] { $count } audio file
   *[other] { $count } audio files
}
preview-videos = { $count ->
    [1] Video
    [one] { $count } video
   *[other] { $count } videos
}
templates-as-sms = As an SMS, with the names of the example:

## Message templates: order of the list, editor, sample client

templates-sort = Order
sort-uses = Most used
templates-unused = Not used yet
templates-uses = { $count ->
    [one] Used once
   *[other] Used { $count } times
}
templates-none-found-hint = Try another word of its name or its text.
templates-duplicate = Duplicate
templates-duplicate-name = Duplicate “{ $name }”
templates-copy-of = { $name } (copy)
templates-preview = Preview
templates-preview-empty = A preview of the message appears here.
templates-nameless = A client without a name
templates-placeholders-hint = Filled in when the text is used. A missing value is left out, with its comma.
placeholder-client-first_name = Client’s first name
placeholder-client-last_name = Client’s last name
placeholder-client-full_name = Client’s full name
placeholder-user-first_name = Your first name
placeholder-user-full_name = Your full name
placeholder-tenant-name = Company
sample-first-name = Aziza
sample-last-name = Karimova
