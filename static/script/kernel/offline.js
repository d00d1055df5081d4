// Reloads the offline page once there is a connection.

addEventListener("online", () => location.reload());
