namespace MdmOrleans.Contracts.Http.History;

/// <summary>What is left of a deleted device that had the same name.</summary>
/// <param name="Number">Of its last event, which says that it was deleted.</param>
/// <param name="Hash">Of its last event: SHA-256, in lower-case hexadecimal.</param>
/// <param name="DeletedBy">E.g. <c>key:admin</c>.</param>
public sealed record PredecessorBody(long Number, string Hash, DateTimeOffset DeletedAt, string DeletedBy);
