### English: the texts that all pages share.

## Navigation and words of every page

app-name = Aloqa
nav-main = Main
nav-chats = Chats
nav-chats-unread = { $count ->
    [0] Chats
    [one] Chats, { $count } unread
   *[other] Chats, { $count } unread
}
nav-clients = Clients
nav-instant-messages = Quick replies
sign-out = Sign out
skip-to-content = Skip to content
search = Search
save = Save
cancel = Cancel
delete = Delete
edit = Edit
back = Back
previous = Previous
next = Next
pages = Pages
required = required
none = –

## Dates

today = Today
yesterday = Yesterday
date-day = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
date-full = { date-day } { $year }
weekday = { $day ->
    [1] Mon
    [2] Tue
    [3] Wed
    [4] Thu
    [5] Fri
    [6] Sat
   *[7] Sun
}

## Problems of fields

problem-required = Required.
problem-too-long = At most { $max } characters.
problem-too-short = At least { $min } characters.
problem-out-of-range = Between { $min } and { $max }.
problem-not-a-phone = This is not a phone number. Write it as { $example }.
problem-not-an-email = This is not an e-mail address.
problem-not-a-date = This is not a valid date. Write it as 1990-02-28.
problem-not-a-time = This is not a date with a time. Write it as 2026-03-02 09:00.
problem-not-one-of = Must be one of: { $values }.
problem-wrong-type = This value has the wrong type.
problem-bad-characters = It contains characters that are not allowed here.
problem-taken = This is already in use.
problem-unknown-placeholder = There is no placeholder { $name }.
problem-unreachable = This client can’t be reached this way.
field-code = Code
problem-storage-full = The storage of the workspace is full. Ask whoever operates Aloqa for more.
problem-too-many-imports = There are { $max } imports already that have not ended. Finish or cancel one first.
problem-no-provider = No provider is connected for this.
problem-no-files = Files can’t be sent this way.
problem-empty-file = The file “{ $name }” is empty.
problem-too-long-for = { $transport } carries at most { $max } characters in one message.
problem-not-found = There is no such record in this workspace.
problem-last-administrator = The workspace would be left without an administrator.

## Errors

error-reference = Reference: { $id }
error-way-on = Go to chats
error-sign-in = Sign in
error-malformed = Invalid request
error-malformed-detail = The request could not be read.
error-unauthenticated = Sign in first
error-unauthenticated-detail = You are not signed in, or your session has ended.
error-forbidden = You don’t have access
error-forbidden-detail = Your role does not allow this. Ask your administrator.
error-suspended = The workspace is suspended
error-suspended-detail = This workspace is suspended. Ask the administrator of your Aloqa installation.
error-forged-form = This form is out of date
error-forged-form-detail = Reload the page and try again.
error-signature = The signature is wrong
error-signature-detail = Nothing was stored.
error-not-found = Page not found
error-not-found-detail = It may have been deleted, or the address is wrong.
error-method-not-allowed = This action is not available
error-method-not-allowed-detail = The address exists, but it does not take this kind of request.
error-conflict = Already in use
error-conflict-detail = Another record already has this value.
error-conflict-client = Another client already has this: { $url }
error-conflict-status = Only a message that failed can be tried again.
error-conflict-show = Show that client
error-too-large = Too large
error-too-large-detail = Send less at once.
error-unsupported-media-type = This format is not supported
error-unsupported-media-type-detail = Send a form or JSON.
error-invalid = Check the highlighted fields
error-invalid-detail = { $count ->
    [one] { $count } field has a problem.
   *[other] { $count } fields have problems.
}
error-too-many = Too many attempts
error-too-many-detail = Wait { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
} and try again.
error-misdirected = Wrong address
error-misdirected-detail = This workspace is not served at this address. Use the one that your administrator has given you.
error-unstorable = This can’t be saved
error-unstorable-detail = A value is too long, or has characters that can’t be stored. Shorten it or type it again.
error-busy = Busy
error-busy-detail = Too many people are signing in at the moment. Try again in a few seconds.
error-unavailable = Back in a moment
error-unavailable-detail = The database is not responding. Try again shortly; nothing was lost.
error-internal = Something went wrong
error-internal-detail = This is our fault and has been logged. Try again, or give us the reference.

## Layout preferences

nav-names = Show names
nav-icons = Icons only

## A number alone, formatted for the language

number = { $count }
