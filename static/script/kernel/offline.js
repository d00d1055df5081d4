// The page for the time without a connection goes away with it.

addEventListener("online", () => location.reload());
