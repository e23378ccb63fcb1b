namespace MdmOrleans.Api.Identity;

/// <summary>What the administrator key is made from.</summary>
/// <param name="Key">Section <c>Auth</c>, key <c>AdminKey</c>: the key itself; null: one is made where there is none.</param>
/// <param name="Directory">Section <c>Storage</c>, key <c>Directory</c>: where a key that was made is written.</param>
internal sealed record AdministratorOptions(string? Key, string Directory);
