namespace MdmOrleans.Contracts.CheckIns;

/// <summary>How encryption statuses are spelled on the wire.</summary>
public static class EncryptionStatusNames
{
    public const string Encrypted = "encrypted";
    public const string Unencrypted = "unencrypted";
    public const string Encrypting = "encrypting";
    public const string Unknown = "unknown";
}
