using System.Diagnostics;
using MdmOrleans.Contracts.Http.Identity;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Api.Identity;

internal static class RoleWire
{
    public static string ToWire(this KeyRole role) => role switch
    {
        KeyRole.Reader => RoleNames.Reader,
        KeyRole.Operator => RoleNames.Operator,
        KeyRole.Admin => RoleNames.Admin,
        _ => throw new UnreachableException($"No wire name for {role}"),
    };
}
