package source

// Message renders the message of a commit.
var Message = templateMsg
