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

problem-required = This is needed.
problem-too-long = At most { $max } characters.
problem-too-short = At least { $min } characters.
problem-out-of-range = Between { $min } and { $max }.
problem-not-a-phone = This is not a phone number. Write it as { $example }.
problem-not-an-email = This is not an e-mail address.
problem-not-a-date = This is not a date that can be. Write it as 1990-02-28.
problem-not-a-time = This is not a date with a time. Write it as 2026-03-02 09:00.
problem-not-one-of = Must be one of: { $values }.
problem-wrong-type = This is not of the right type.
problem-bad-characters = There are characters in it that can’t be here.
problem-taken = Someone has this already.
problem-unknown-placeholder = There is no placeholder { $name }.
problem-unreachable = This client can’t be reached so.
problem-no-provider = No provider is connected for this.
problem-no-files = Files can’t be sent this way.
problem-not-found = There is no such record in this workspace.
problem-last-administrator = The workspace would be left without an administrator.

## Errors

error-reference = Reference: { $id }
error-way-on = To the chats
error-sign-in = Sign in
error-malformed = This request can’t be read
error-malformed-detail = Something in it is not as it should be.
error-unauthenticated = Sign in first
error-unauthenticated-detail = You are not signed in, or your session is over.
error-forbidden = You may not do this
error-forbidden-detail = Your role does not include it. Ask your administrator.
error-forged-form = This form is out of date
error-forged-form-detail = Reload the page and try again.
error-signature = The signature is wrong
error-signature-detail = Nothing was stored.
error-not-found = This is not here
error-not-found-detail = It may have been deleted, or the address is wrong.
error-method-not-allowed = This can’t be done here
error-method-not-allowed-detail = The address exists, but not for this kind of request.
error-conflict = Someone has this already
error-conflict-detail = Another record has this value.
error-conflict-client = Another client has this: { $url }
error-conflict-status = Only a message that failed can be tried again.
error-conflict-show = Show that client
error-too-large = This is too large
error-too-large-detail = Send less at once.
error-unsupported-media-type = This kind of content is not understood
error-unsupported-media-type-detail = Send a form or JSON.
error-invalid = Some fields need another look
error-invalid-detail = { $count ->
    [one] { $count } field has a problem.
   *[other] { $count } fields have problems.
}
error-too-many = Too many tries
error-too-many-detail = Wait { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
} and try again.
error-misdirected = Not this address
error-misdirected-detail = This workspace is not served at this address. Use the one that your administrator has given you.
error-unstorable = This can’t be saved
error-unstorable-detail = A value is too long, or has characters that can’t be stored. Shorten it or type it again.
error-busy = Busy
error-busy-detail = Too many people are signing in at the moment. Try again in a few seconds.
error-unavailable = Back in a moment
error-unavailable-detail = The database does not answer. Try again shortly; nothing was lost.
error-internal = Something went wrong
error-internal-detail = It is our mistake and was logged. Try again, or tell us the reference.

## Layout preferences

nav-names = Show names
nav-icons = Only icons

## A number alone, formatted for the language

number = { $count }
